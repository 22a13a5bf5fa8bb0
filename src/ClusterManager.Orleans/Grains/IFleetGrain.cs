using Orleans;

namespace Fleet.ClusterManager.Orleans.Grains;

/// <summary>
/// A grain of Fleet as Orleans addresses it; the key is <c>kind/namespace/name</c> (<see cref="GrainKey"/>). The aliases are what stands in messages
/// between silos and on a dashboard: they outlive names in code.
/// </summary>
[Alias("fleet.grain")]
public interface IFleetGrain : IGrainWithStringKey
{
    // Whoever calls sets the time-out by cancelling: a reconcile may wait for helm for minutes. This is only above all of them.
    [Alias("call")]
    [ResponseTimeout("02:00:00")]
    Task<CarriedOutcome> CallAsync(CarriedCall call, CancellationToken ct);

    [Alias("deactivate")]
    [ResponseTimeout("02:00:00")]
    Task DeactivateAsync();
}
