using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Orleans;

namespace Fleet.ClusterManager.Orleans.Grains;

/// <summary>A <see cref="GrainCall"/> between silos; the ids of its fields are the wire format.</summary>
[GenerateSerializer]
[Immutable]
[Alias("fleet.call")]
public readonly record struct CarriedCall(
    [property: Id(0)] string Controller, [property: Id(1)] string Namespace, [property: Id(2)] string Name, [property: Id(3)] string ReconcileId)
{
    public static CarriedCall Of(GrainCall call) => new(call.Controller, call.Key.Namespace, call.Key.Name, call.ReconcileId);

    public GrainCall Call() => new(Controller, new ObjectKey(Namespace, Name), ReconcileId);
}
