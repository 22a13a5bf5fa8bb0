using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Makes and removes control plane Machines: the first alone, the others once it runs, one at a time in a rollout.</summary>
internal static class ControlPlaneScaling
{
    private static readonly TimeSpan LookForTemplate = TimeSpan.FromSeconds(2);

    public static async ValueTask<TimeSpan?> StepAsync(
        ManagementScope scope, JsonObject controlPlane, JsonObject cluster, ContractReference template, List<JsonObject> machines, CancellationToken ct)
    {
        var (create, delete) = Plan(controlPlane, machines, m => IsUpToDate(scope, controlPlane, template, m));
        for (var i = 0; i < create; i++)
        {
            if (!await MachineFactory.CreateAsync(scope, Request(scope, controlPlane, cluster, template), ct))
                return LookForTemplate;
        }
        foreach (var surplus in delete)
            await scope.DeleteAsync(scope.Core("Machine"), surplus, ct);
        return null;
    }

    /// <summary>Pure: how many to make, which to delete.</summary>
    internal static (int Create, IReadOnlyList<ObjectKey> Delete) Plan(JsonObject controlPlane, IReadOnlyList<JsonObject> machines, Func<JsonObject, bool> upToDate)
    {
        var wanted = controlPlane.Number("spec", "replicas") ?? 1;
        var active = machines.Where(m => !m.IsDeleting()).ToList();
        var initialized = controlPlane.Flag("status", "initialization", "controlPlaneInitialized") || active.Exists(m => m.HasNode());
        if (!initialized)
            return (active.Count == 0 && wanted > 0 ? 1 : 0, []);
        var outdated = active.Where(m => !upToDate(m)).OrderBy(m => m.CreatedAt()).ThenBy(m => m.NameOf(), StringComparer.Ordinal).ToList();
        if (active.Count < wanted)
            return (wanted - active.Count, []);
        var settled = active.TrueForAll(m => m.IsMachineReady()) && machines.Count == active.Count;
        if (outdated.Count > 0)
        {
            if (active.Count == wanted)
                return (settled ? 1 : 0, []);
            return (0, settled ? [outdated[0].KeyOf()] : []);
        }
        return active.Count > wanted && machines.Count == active.Count
            ? (0, [MachineSetReconciler.Surplus(active, wanted).First()])
            : (0, []);
    }

    public static bool IsUpToDate(ManagementScope scope, JsonObject controlPlane, ContractReference template, JsonObject machine)
    {
        if (controlPlane.Text("spec", "version") is { } version && machine.Text("spec", "version") != version)
            return false;
        var infrastructure = scope.Get(ContractReference.Read(machine.Child("spec", "infrastructureRef"), machine.NamespaceOf()));
        return infrastructure?.Annotation(CapiNames.ClonedFromNameAnnotation) is not { } source || source == template.Key.Name;
    }

    private static MachineRequest Request(ManagementScope scope, JsonObject controlPlane, JsonObject cluster, ContractReference template)
    {
        var labels = controlPlane.Strings("spec", "machineTemplate", "metadata", "labels");
        labels[CapiNames.ClusterLabel] = cluster.NameOf();
        labels[CapiNames.ControlPlaneLabel] = "";
        labels[CapiNames.ControlPlaneNameLabel] = controlPlane.NameOf();
        var name = $"{controlPlane.NameOf()}-{StableHash.Suffix($"{controlPlane.Uid()}/{scope.Api.Revision}/{scope.Now.Ticks}", 5)}";
        return new(name, controlPlane, cluster, labels)
        {
            InfrastructureTemplate = template,
            // The bootstrap data of control plane machines is made by the control plane itself; it is never read by anything here.
            DataSecretName = $"{name}-bootstrap",
            Version = controlPlane.Text("spec", "version"),
        };
    }
}
