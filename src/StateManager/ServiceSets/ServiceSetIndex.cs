using System.Collections.Concurrent;
using Fleet.Contracts.Services;
using Fleet.Control.Clusters;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.ServiceSets;

/// <summary>Every ServiceSet of the management cluster, found by cluster and by template.</summary>
internal sealed class ServiceSetIndex : IAsyncDisposable
{
    private const string ByClusterIndex = "cluster";
    private const string ByTemplateIndex = "template";
    private const string ByOwnerIndex = "owner";
    private const string BySourceIndex = "source";

    /// <summary>Filled while the first list is still being read, when the informer itself does not answer yet.</summary>
    private readonly ConcurrentDictionary<ObjectKey, ObjectKey> clusters = new();

    public ServiceSetIndex(IKubernetesClient management, TimeProvider clock)
    {
        Informer = management.Resource(FleetKinds.ServiceSets).Informer(new InformerOptions<
            CustomResource<ServiceSetSpec, ServiceSetStatus>, CustomResource<ServiceSetSpec, ServiceSetStatus>>
        {
            Project = static item => item,
            Clock = clock,
            Indices = new Dictionary<string, Func<CustomResource<ServiceSetSpec, ServiceSetStatus>, IEnumerable<string>>>
            {
                [ByClusterIndex] = static s => [ClusterOf(s).ToString()],
                [BySourceIndex] = SetReferences.Sources,
                [ByOwnerIndex] = static s => (s.Metadata.OwnerReferences ?? []).Select(owner => owner.Uid),
                [ByTemplateIndex] = static s => (s.Spec.Services ?? []).Select(p => p.Template).Distinct(),
            },
        });
        Informer.Subscribe(change =>
        {
            Versions.Note(change);
            if (change.Type == InformerEventType.Deleted)
                clusters.TryRemove(change.Key, out _);
            else
                clusters[change.Key] = ClusterOf(change.Item);
        });
    }

    public Informer<CustomResource<ServiceSetSpec, ServiceSetStatus>, CustomResource<ServiceSetSpec, ServiceSetStatus>> Informer { get; }

    public ServiceSetVersions Versions { get; } = new();

    public static ObjectKey ClusterOf(CustomResource<ServiceSetSpec, ServiceSetStatus> set) => set.Spec is { Cluster.Length: 0, Provider.SelfManagement: true }
        ? ManagementCluster.In(set.Metadata.Namespace ?? "")
        : new(set.Metadata.Namespace ?? "", set.Spec.Cluster.Length > 0 ? set.Spec.Cluster : set.Metadata.Name ?? "");

    /// <summary>The grain that works for a ServiceSet: that of its cluster, shared by all ServiceSets of the cluster.</summary>
    public GrainId GrainOf(ObjectKey set) => GrainId.OfCluster(clusters.GetValueOrDefault(set, set));

    public IReadOnlyList<CustomResource<ServiceSetSpec, ServiceSetStatus>> OfCluster(ObjectKey cluster) => Informer.ByIndex(ByClusterIndex, cluster.ToString());

    /// <summary>Sets that take manifests or values from this ConfigMap or Secret.</summary>
    public IEnumerable<ObjectKey> ReadersOf(string kind, ObjectKey source) => Informer.State.HasSynced
        ? Informer.ByIndex(BySourceIndex, SetReferences.Source(kind, source)).Select(s => s.Metadata.Key)
        : [];

    /// <summary>Those that were made for the object with this UID.</summary>
    public IReadOnlyList<CustomResource<ServiceSetSpec, ServiceSetStatus>> OwnedBy(string uid) => Informer.ByIndex(ByOwnerIndex, uid);

    /// <summary>Other ServiceSets of the cluster that want, or now may have, a release of the one that changed: who owns it may have changed as well.</summary>
    public IEnumerable<ObjectKey> RivalsOf(InformerEvent<CustomResource<ServiceSetSpec, ServiceSetStatus>> change)
    {
        if (!Informer.State.HasSynced)
            return [];
        var releases = (change.Item.Spec.Services ?? []).Concat(change.Previous?.Spec.Services ?? []).Select(ServiceKey.Of).ToHashSet();
        return OfCluster(ClusterOf(change.Item))
            .Where(other => other.Metadata.Key != change.Key && (other.Spec.Services ?? []).Exists(service => releases.Contains(ServiceKey.Of(service))))
            .Select(other => other.Metadata.Key);
    }

    /// <summary>ServiceSets that a change of a template may concern: those that name it, also when it is in a system namespace.</summary>
    public IEnumerable<ObjectKey> UsersOf(ObjectKey template) => Informer.State.HasSynced
        ? Informer.ByIndex(ByTemplateIndex, template.Name).Select(s => s.Metadata.Key)
        : [];

    /// <summary>
    /// Who may manage a release that several ServiceSets of a cluster want: the highest priority, then the ClusterDeployment's own before those of
    /// MultiClusterServices, then the oldest. Null when nobody wants it.
    /// </summary>
    public static CustomResource<ServiceSetSpec, ServiceSetStatus>? OwnerOf(
        IEnumerable<CustomResource<ServiceSetSpec, ServiceSetStatus>> sets, string ns, string name) => sets
        .Where(s => !s.Metadata.IsBeingDeleted)
        .Where(s => (s.Spec.Services ?? []).Any(p => p.Name == name && NamespaceOf(p) == ns && p.HelmAction != "Uninstall"))
        .OrderByDescending(s => ServiceProviderSettings.Priority(s.Spec))
        .ThenBy(s => !string.IsNullOrEmpty(s.Spec.MultiClusterService))
        .ThenBy(s => s.Metadata.CreationTimestamp)
        .ThenBy(s => s.Metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    public static string NamespaceOf(PlacedService service) => service.Namespace.Length > 0 ? service.Namespace : "default";

    public ValueTask DisposeAsync() => Informer.DisposeAsync();
}
