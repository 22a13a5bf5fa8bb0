using Fleet.ControlPlane.Schemas;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Kinds;

/// <summary>One row of the table of kinds: how a kind is served and where its objects are kept. Compared by reference.</summary>
internal sealed class KindInfo
{
    public required ResourceKind Resource { get; init; }
    public required string Singular { get; init; }
    public string ListKind { get; init; } = "";
    public IReadOnlyList<string> ShortNames { get; init; } = [];
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Without the plural: <c>status</c>, <c>scale</c>, <c>token</c>…</summary>
    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>Name of the table that keeps the objects: the same for every version of a kind, and for kinds that share storage.</summary>
    public required string StorageName { get; init; }

    /// <summary>The apiVersion that objects are stored with.</summary>
    public required string StorageApiVersion { get; init; }

    /// <summary>Answered when asked and never stored: reviews.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>Values come from outside of the store and cannot be written: metrics.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>What a custom resource's definition says about this version; null for built-in kinds.</summary>
    public CustomKind? Custom { get; init; }

    private Schema? schema;
    private byte[]? head;

    /// <summary>The head of an object of this version, in place of the stored one.</summary>
    public byte[] Head => head ??= System.Text.Encoding.UTF8.GetBytes($"{{\"apiVersion\":\"{ApiVersion}\",\"kind\":\"{Kind}\"");

    /// <summary>Null when nothing is known about the fields.</summary>
    public Schema? Schema => schema ??= Custom is null ? BuiltInSchemas.Find(Resource.GroupVersionKind) : Custom.ReadSchema();

    public bool HasStatus { get; init; }

    public string Group => Resource.Group;
    public string Version => Resource.Version;
    public string Kind => Resource.Kind;
    public string Plural => Resource.Plural;
    public bool Namespaced => Resource.Namespaced;
    public string ApiVersion { get; private init; } = "";

    /// <summary>As error messages name it: <c>deployments.apps</c>.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The verbs that discovery announces.</summary>
    public IReadOnlyList<string> Verbs =>
        CreateOnly ? ["create"] :
        ReadOnly ? ["get", "list"] :
        // The order is upstream's, which differs for custom resources; kubectl prints it.
        Custom is not null ? ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"] :
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public static string StorageNameOf(string group, string plural) => group.Length == 0 ? plural : $"{plural}.{group}";

    public KindInfo Prepare() => new()
    {
        Resource = Resource,
        Singular = Singular,
        ListKind = ListKind.Length == 0 ? Kind + "List" : ListKind,
        ShortNames = ShortNames,
        Categories = Categories,
        Subresources = Subresources,
        StorageName = StorageName,
        StorageApiVersion = StorageApiVersion,
        CreateOnly = CreateOnly,
        ReadOnly = ReadOnly,
        Custom = Custom,
        HasStatus = Subresources.Contains("status"),
        ApiVersion = Resource.ApiVersion,
    };
}
