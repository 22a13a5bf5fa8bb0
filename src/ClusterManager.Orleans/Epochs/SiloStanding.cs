using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Fleet.ClusterManager.Orleans.Epochs;

/// <summary>
/// Whether this silo is still one, as far as it can prove: what it read in the membership table a moment ago. Others declare a silo dead that hangs,
/// and take its grains over; when it wakes up it must write nothing before it has looked. <see cref="SiloTiming.ProvenFor"/> is shorter than the time that
/// others take to declare it dead.
/// </summary>
internal sealed partial class SiloStanding(
    IMembershipTable table, ILocalSiloDetails silo, SiloTiming timing, TimeProvider clock, ILogger<SiloStanding> logger) : BackgroundService
{
    private readonly Lock gate = new();
    private long? proven;

    public bool IsProven
    {
        get
        {
            lock (gate)
                return proven is { } at && clock.GetElapsedTime(at) < timing.ProvenFor;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(timing.LookEvery, clock);
        do
        {
            // From before the question: its answer was true then, not when it came.
            var asked = clock.GetTimestamp();
            try
            {
                var row = (await table.ReadRow(silo.SiloAddress)).TryGet(silo.SiloAddress);
                Prove(row is { Item1.Status: not (SiloStatus.Dead or SiloStatus.None) } ? asked : null);
            }
#pragma warning disable CA1031 // Whatever keeps us from looking, the proof runs out by itself.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogCannotLook(e);
            }
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Prove(long? at)
    {
        lock (gate)
            proven = at;
    }

    [LoggerMessage(1020, LogLevel.Warning, "The table of silos cannot be read: grains of this silo write nothing until it can")]
    private partial void LogCannotLook(Exception exception);
}
