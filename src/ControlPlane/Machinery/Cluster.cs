using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Machinery;

/// <summary>One served cluster. Small and passive: no thread and no timer of its own.</summary>
internal sealed class Cluster : IClusterApi
{
    private readonly CustomKinds definitions;
    private volatile ApiFault? fault;

    public Cluster(ClusterStore store, ClusterSettings settings)
    {
        Store = store;
        Settings = settings;
        Writer = new ObjectWriter(this);
        Deleter = new ObjectDeleter(this);
        definitions = new CustomKinds(this);
    }

    public ClusterStore Store { get; }
    public ClusterSettings Settings { get; }
    public ObjectWriter Writer { get; }
    public ObjectDeleter Deleter { get; }

    /// <summary>Follows the CustomResourceDefinitions without delay: when a write of one has returned, its kinds are served.</summary>
    public KindCatalog Catalog => fault is { Metrics.Mode: MetricsFaultMode.Off } ? definitions.Catalog.WithoutMetrics : definitions.Catalog;

    public string Name => Store.Name;
    public string? KubernetesVersion { get; set; }
    public string? ClientAuthority { get; set; }

    public ApiFault? Fault
    {
        get => fault;
        set
        {
            if (value == fault)
                return;
            fault = value;
            if (value is { Mode: not ApiFaultMode.None })
                Store.EndWatches();
        }
    }

    public long Revision => Store.Revision;
    public bool IsManagement => Name == ClusterRegistry.ManagementName;

    public ResourceKind? FindKind(GroupVersionKind kind) => Catalog.Find(kind)?.Resource;

    public KindInfo Kind(ResourceKind kind) => Catalog.Find(kind) ?? throw ApiErrors.PathNotFound();

    public ObjectTable Table(KindInfo kind) => Store.Table(kind.StorageName);

    public StoredObject? Find(KindInfo kind, ObjectKey key) => Table(kind).State.Find(key);

    /// <summary>The object as this version of the kind shows it.</summary>
    public static JsonObject Show(KindInfo kind, StoredObject stored)
    {
        var body = stored.Parse();
        if (kind.ApiVersion != kind.StorageApiVersion) KindConversion.FromStorage(kind, body);
        return body;
    }

    public JsonObject? Get(ResourceKind kind, ObjectKey key)
    {
        var info = Kind(kind);
        return Find(info, key) is { } stored ? Show(info, stored) : null;
    }

    public IReadOnlyList<JsonObject> List(ResourceKind kind, string? @namespace = null, string? labelSelector = null)
    {
        var info = Kind(kind);
        var selector = LabelSelector.Parse(labelSelector);
        var found = new List<JsonObject>();
        foreach (var stored in Table(info).State.Range(string.IsNullOrEmpty(@namespace) ? null : @namespace))
        {
            if (selector.Matches(stored)) found.Add(Show(info, stored));
        }
        return found;
    }

    public async ValueTask<JsonObject> CreateAsync(ResourceKind kind, JsonObject body, CancellationToken ct)
    {
        var info = Kind(kind);
        return Show(info, await Writer.CreateAsync(info, body.Namespace(), (JsonObject)body.DeepClone(), new WriteContext { Untracked = !IsManagement }, ct));
    }

    public ValueTask<JsonObject> UpdateAsync(ResourceKind kind, JsonObject body, CancellationToken ct) => UpdateAsync(kind, body, new WriteContext(), ct);

    public ValueTask<JsonObject> UpdateStatusAsync(ResourceKind kind, JsonObject body, CancellationToken ct) =>
        UpdateAsync(kind, body, new WriteContext { Subresource = "status" }, ct);

    public async ValueTask<JsonObject?> ChangeAsync(ResourceKind kind, ObjectKey key, Func<JsonObject, bool> change, bool status, CancellationToken ct)
    {
        var info = Kind(kind);
        var context = new WriteContext { Subresource = status && info.HasStatus ? "status" : null };
        try
        {
            var stored = await Writer.UpdateAsync(info, key, current => change(current) ? current : null, context, ct);
            return Show(info, stored);
        }
        catch (KubeApiException gone) when (gone.IsNotFound)
        {
            return null;
        }
    }

    public async ValueTask<bool> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteOptions options, CancellationToken ct)
    {
        var info = Kind(kind);
        try
        {
            await Deleter.DeleteAsync(info, key, Deletion.From(options), new WriteContext(), ct);
            return true;
        }
        catch (KubeApiException gone) when (gone.IsNotFound)
        {
            return false;
        }
    }

    public IDisposable Subscribe(Action<ClusterChange> onChange) => Store.Subscribe((change, table) =>
    {
        if (Catalog.FindStorage(table.Name) is { } kind) onChange(new(change.Type, kind.Resource, change.Object.Key, change.Revision));
    });

    private async ValueTask<JsonObject> UpdateAsync(ResourceKind kind, JsonObject body, WriteContext context, CancellationToken ct)
    {
        var info = Kind(kind);
        if (context.Subresource == "status" && !info.HasStatus) context = new WriteContext();
        return Show(info, await Writer.ReplaceAsync(info, body.Key(), body, context, ct));
    }
}
