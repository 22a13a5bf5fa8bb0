using Fleet.Contracts;
using Fleet.Helm.Versions;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>An object of the management API with the kind that it was read as.</summary>
internal sealed record LiveObject(ResourceKind Kind, DynamicObject Object)
{
    public MachineOwner? Owner => MachineOwner.Of(new(Object.Root, Object.Key.Namespace));

    public bool IsHeld => Object.Metadata.Annotations?.ContainsKey(FleetAnnotations.HeldForControlPlane) == true;
}

/// <summary>What makes machines in a cluster, and the machines, as they are now.</summary>
internal sealed record LiveMachines
{
    public const string ControlPlaneLabel = "cluster.x-k8s.io/control-plane";

    public const string PoolLabel = "cluster.x-k8s.io/deployment-name";

    /// <summary>Null when the cluster has none, or has it elsewhere.</summary>
    public LiveObject? ControlPlane { get; init; }

    /// <summary>MachineDeployments and MachinePools.</summary>
    public IReadOnlyList<LiveObject> Pools { get; init; } = [];

    public IReadOnlyList<LiveObject> Sets { get; init; } = [];

    /// <summary>Also those that are being deleted: until it is gone a machine runs its version.</summary>
    public IReadOnlyList<DynamicObject> Machines { get; init; } = [];

    public IEnumerable<DynamicObject> ControlPlaneMachines => Machines.Where(IsControlPlane);

    public ClusterVersions Versions
    {
        get
        {
            List<SemanticVersion> started = [.. ControlPlaneMachines.Where(machine => machine.At("status", "nodeRef") is not null).Select(VersionOf).OfType<SemanticVersion>()];
            List<SemanticVersion> all = [.. ControlPlaneMachines.Select(VersionOf).OfType<SemanticVersion>()];
            // A hosted or managed control plane has no machines: its status is all there is to go by.
            if (MachineOwner.Parse((string?)ControlPlane?.Object.At("status", "version")) is { } reported)
            {
                all.Add(reported);
                started.Add(reported);
            }
            return new()
            {
                ControlPlane = all.Min(),
                NewestControlPlane = started.Max(),
                Workers = Pools.Select(pool => (pool.Object.Key.Name, Version: OldestOf(pool)))
                    .Where(pool => pool.Version is not null)
                    .ToDictionary(pool => pool.Name, pool => pool.Version!, StringComparer.Ordinal),
            };
        }
    }

    public static bool IsControlPlane(DynamicObject machine) => machine.Metadata.Labels?.ContainsKey(ControlPlaneLabel) == true;

    public static SemanticVersion? VersionOf(DynamicObject machine) => MachineOwner.Parse((string?)machine.At("spec", "version"));

    private SemanticVersion? OldestOf(LiveObject pool) =>
        pool.Kind.Kind == "MachinePool"
            ? MachineOwner.Parse(pool.Owner?.Version)
            : Machines.Where(machine => machine.Metadata.Labels?.GetValueOrDefault(PoolLabel) == pool.Object.Key.Name).Select(VersionOf).OfType<SemanticVersion>().Min();
}
