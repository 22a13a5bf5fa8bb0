using Fleet.ClusterManager.Orleans.Epochs;
using Fleet.Control.Grains;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Fleet.ClusterManager.Orleans.Grains;

/// <summary>
/// One grain of Fleet as an activation of Orleans: parts and timers are those of the default host, what a call does is in <see cref="IGrainBehavior"/>,
/// one at a time and in order because Orleans does not interleave. The activation owns the grain from its first call.
/// </summary>
[GrainType("fleet")]
internal sealed partial class FleetGrain : Grain, IFleetGrain, IRemindable
{
    private readonly IGrainBehavior behavior;
    private readonly TimeProvider clock;
    private readonly ILogger<FleetGrain> logger;
    private readonly StoredEpoch epochs;
    private readonly WakeUps wakeUps;
    private GrainActivation? activation;
    private long lastUsed;

    public FleetGrain(
        IGrainBehavior behavior, SiloStanding standing, GrainClock clock, ILogger<FleetGrain> logger,
        [PersistentState("epoch", OrleansGrainServices.Storage)] IPersistentState<GrainEpoch> stored)
    {
        this.behavior = behavior;
        this.clock = clock.Time;
        this.logger = logger;
        epochs = new(stored, standing);
        wakeUps = new(this);
        lastUsed = this.clock.GetTimestamp();
    }

    private GrainId Id => GrainKey.Parse(this.GetPrimaryKeyString());

    public async Task<CarriedOutcome> CallAsync(CarriedCall call, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lastUsed = clock.GetTimestamp();
        try
        {
            if (activation is { Ownership.IsCurrent: false })
                await EndAsync();
            activation ??= await GrainActivation.OwnAsync(Id, epochs, clock, Post, ct);
            await wakeUps.ExpectAsync(call);
            var (owned, asked) = (activation, call.Call());
            // On the thread pool, as under the default host: what reconcilers compute does not hold up the silo's turns.
            return CarriedOutcome.Of(await Task.Run(() => behavior.HandleAsync(owned, asked, ct), ct));
        }
        finally
        {
            lastUsed = clock.GetTimestamp();
        }
    }

    public async Task DeactivateAsync()
    {
        await EndAsync();
        await wakeUps.CancelAsync();
        DeactivateOnIdle();
    }

    /// <summary>A wake-up finds either an activation that has the call in hand, or that of a silo that died is made again here.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (wakeUps.Expects(reminderName))
        {
            // Wake-ups themselves keep the activation from being idle for Orleans.
            if (clock.GetElapsedTime(lastUsed) >= OrleansGrainServices.IdleAfter)
                await DeactivateAsync();
            return;
        }
        var call = WakeUps.CallOf(reminderName, $"reminder-{status.CurrentTickTime:HHmmss}");
        LogWokenUp(Id, call.Controller);
        var outcome = (await CallAsync(call, CancellationToken.None)).Outcome();
        if (outcome.Delay > TimeSpan.Zero)
            activation!.CallLater(call.Call(), outcome.Delay);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await EndAsync();
        // Only who has nothing to do is not to be woken up: when the silo stops, another one goes on.
        if (reason.ReasonCode is DeactivationReasonCode.ActivationIdle)
            await wakeUps.CancelAsync();
    }

    private async Task EndAsync()
    {
        if (activation is not { } ending)
            return;
        activation = null;
        await ending.EndAsync(epochs, e => LogPartFailed(Id, e));
    }

    // A timer's call takes its turn among the others; it is made from outside of the grain, on whatever thread the timer fires.
    private void Post(GrainCall call) => _ = Task.Run(async () =>
    {
        try
        {
            await this.AsReference<IFleetGrain>().CallAsync(CarriedCall.Of(call), CancellationToken.None);
        }
#pragma warning disable CA1031 // Nobody waits for a timer; the log is the only place to tell.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogTimerFailed(Id, call.Controller, e);
        }
    });

    [LoggerMessage(1021, LogLevel.Warning, "{Grain}: a part could not be closed")]
    private partial void LogPartFailed(GrainId grain, Exception exception);

    [LoggerMessage(1022, LogLevel.Error, "{Grain}: a timer of {Controller} failed")]
    private partial void LogTimerFailed(GrainId grain, string controller, Exception exception);

    [LoggerMessage(1023, LogLevel.Information, "{Grain}: woken up here for {Controller}; the silo that had it is gone")]
    private partial void LogWokenUp(GrainId grain, string controller);
}
