using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Scheduling;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>The management cluster as the Cluster API reconcilers see it.</summary>
internal sealed class ManagementScope(IClusterRegistry registry, SimulatedClusters clusters, SimulationOptions options, TimeProvider clock)
    : ClusterScope(registry.Management, clock)
{
    private readonly ConcurrentDictionary<ObjectReference, ConcurrentDictionary<Member, bool>> dependents = new();
    private readonly ConcurrentDictionary<string, long> looked = new(StringComparer.Ordinal);

    public IClusterRegistry Registry { get; } = registry;

    public SimulatedClusters Clusters { get; } = clusters;

    public SimulationOptions Options { get; } = options;

    public KindDirectory Kinds { get; } = new(registry.Management);

    public ClusterMembers Members { get; } = new();

    public StepTimes Steps { get; } = new(clock);

    public WorkloadNames Names { get; } = new();

    public Faults.MachineSlots Slots { get; } = new();

    /// <summary>The infrastructure and bootstrap objects that follow a Machine or MachinePool.</summary>
    public IReadOnlyCollection<Member> DependentsOf(ObjectReference owner) =>
        dependents.TryGetValue(owner, out var found) ? [.. found.Keys] : [];

    /// <summary>Notes the tie in both directions, so that either's change makes the other look.</summary>
    public void Tie(ObjectReference owner, ResourceKind kind, ObjectKey dependent)
    {
        RememberOwner(new(kind.Kind, dependent), owner);
        dependents.GetOrAdd(owner, static _ => new()).TryAdd(new(kind, dependent), true);
    }

    public void Untie(ObjectReference owner) => dependents.TryRemove(owner, out _);

    /// <summary>True once a day for each uid.</summary>
    public bool FirstLookToday(string uid)
    {
        var today = Now.ToUnixTimeSeconds() / 86400;
        if (looked.TryGetValue(uid, out var day) && day == today)
            return false;
        looked[uid] = today;
        return true;
    }

    public ResourceKind? KindOf(ContractReference reference) => Kinds.Find(reference.Group, reference.Kind);

    public ResourceKind Core(string kind) => Kinds.Find(Definitions.KindRoles.CoreGroup, kind)
        ?? throw new KubeApiException(404, "NotFound", $"the management cluster does not serve {kind}.{Definitions.KindRoles.CoreGroup}");

    public JsonObject? Get(ContractReference? reference) =>
        reference is { } known && KindOf(known) is { } kind ? Api.Get(kind, known.Key) : null;

    /// <summary>The Cluster that an object belongs to: by label, field or owner.</summary>
    public JsonObject? ClusterOf(JsonObject obj)
    {
        // Only in the core's kinds is the field the Cluster's name: GKE's control plane has one that is the name in Google Cloud.
        var stated = obj.Text("apiVersion")?.StartsWith(KindRoles.CoreGroup + "/", StringComparison.Ordinal) == true ? obj.Text("spec", "clusterName") : null;
        var name = stated ?? obj.Label(CapiNames.ClusterLabel) ?? obj.OwnerName("Cluster");
        return name is null ? null : Api.Get(Core("Cluster"), new(obj.NamespaceOf(), name));
    }

    /// <summary>The members of a kind, read; those that are gone are left out.</summary>
    public List<JsonObject> MembersOf(ObjectKey cluster, string kind) =>
        Members.Of(cluster).Where(m => m.Kind.Kind == kind).Select(m => Api.Get(m.Kind, m.Key)).OfType<JsonObject>().ToList();

    /// <summary>Creates it unless it is there.</summary>
    public async ValueTask EnsureAsync(ResourceKind kind, JsonObject wanted, CancellationToken ct)
    {
        if (Api.Get(kind, wanted.KeyOf()) is not null)
            return;
        try
        {
            await Api.CreateAsync(kind, wanted, ct);
        }
        catch (KubeApiException present) when (present.IsAlreadyExists)
        {
            // Made by somebody else since it was looked for.
            return;
        }
    }

    public ValueTask<JsonObject?> ChangeAsync(ResourceKind kind, ObjectKey key, Func<JsonObject, bool> change, CancellationToken ct) =>
        Api.ChangeAsync(kind, key, change, status: false, ct);

    /// <summary>Changes the status in place; nothing is written when it comes out the same.</summary>
    public ValueTask<JsonObject?> ChangeStatusAsync(ResourceKind kind, ObjectKey key, Action<JsonObject> change, CancellationToken ct) =>
        Api.ChangeAsync(kind, key, obj =>
        {
            change(obj.Ensure("status"));
            return true;
        }, status: true, ct);

    public ValueTask<bool> DeleteAsync(ResourceKind kind, ObjectKey key, CancellationToken ct) => Api.DeleteAsync(kind, key, DeleteOptions.Background, ct);
}
