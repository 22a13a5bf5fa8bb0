using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Kinds;

/// <summary>The kinds that one cluster serves at one moment. Immutable, and shared by all clusters that serve the same kinds.</summary>
internal sealed class KindCatalog
{
    private readonly Dictionary<(string Group, string Version, string Plural), KindInfo> byPath = [];
    private readonly Dictionary<GroupVersionKind, KindInfo> byKind = [];
    private readonly Dictionary<ResourceKind, KindInfo> byResource = [];
    private readonly Dictionary<string, KindInfo> byStorage = new(StringComparer.Ordinal);
    private KindCatalog? withoutMetrics;

    public KindCatalog(IEnumerable<KindInfo> kinds)
    {
        All = [.. kinds];
        foreach (var kind in All)
        {
            byPath[(kind.Group, kind.Version, kind.Plural)] = kind;
            byKind[kind.Resource.GroupVersionKind] = kind;
            byResource[kind.Resource] = kind;
            if (kind.ApiVersion == kind.StorageApiVersion || !byStorage.ContainsKey(kind.StorageName)) byStorage[kind.StorageName] = kind;
        }
    }

    public static KindCatalog BuiltIn { get; } = new(BuiltInKinds.All);

    /// <summary>The same of a cluster without metrics-server. Racing readers make equal ones.</summary>
    public KindCatalog WithoutMetrics => withoutMetrics ??= new(All.Where(k => !k.ReadOnly));

    public IReadOnlyList<KindInfo> All { get; }

    public KindInfo? Find(string group, string version, string plural) => byPath.GetValueOrDefault((group, version, plural));

    public KindInfo? Find(GroupVersionKind kind) => byKind.GetValueOrDefault(kind);

    public KindInfo? Find(ResourceKind kind) => byResource.GetValueOrDefault(kind);

    /// <summary>Any served version of the kind that has this storage; the storage version where it is served.</summary>
    public KindInfo? FindStorage(string storageName) => byStorage.GetValueOrDefault(storageName);
}
