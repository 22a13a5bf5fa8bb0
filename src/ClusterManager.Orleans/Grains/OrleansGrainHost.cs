using Fleet.Control.Grains;
using Fleet.Control.Reconciling;
using Orleans;

namespace Fleet.ClusterManager.Orleans.Grains;

/// <summary>
/// Grains on silos: a call goes to wherever the grain lives, in this process or another; Orleans chooses where. The outcome comes back to the
/// controller that asked, which does with it what it does under every host.
/// </summary>
internal sealed class OrleansGrainHost(IGrainFactory grains) : IGrainHost
{
    public async Task<Outcome> CallAsync(GrainId grain, GrainCall call, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return (await GrainOf(grain).CallAsync(CarriedCall.Of(call), ct)).Outcome();
    }

    public Task DeactivateAsync(GrainId grain) => GrainOf(grain).DeactivateAsync();

    private IFleetGrain GrainOf(GrainId grain) => grains.GetGrain<IFleetGrain>(GrainKey.Of(grain));
}
