using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>One request after it is known where it goes and from whom it comes.</summary>
internal sealed class ApiRequest(HttpContext http, Cluster cluster, RequestTarget target, UserIdentity user)
{
    private const int LongestManager = 128;

    private KindInfo? kind;

    public HttpContext Http { get; } = http;
    public Cluster Cluster { get; } = cluster;
    public RequestTarget Target { get; } = target;
    public UserIdentity User { get; set; } = user;
    public CancellationToken Aborted => Http.RequestAborted;

    public KindInfo Kind => kind ??= Cluster.Catalog.Find(Target.Group, Target.Version, Target.Plural) ?? throw ApiErrors.PathNotFound();

    /// <summary>Of the object in the path; for a cluster-scoped kind the namespace is empty.</summary>
    public ObjectKey Key => new(Target.Namespace ?? "", Target.Name ?? "");

    /// <summary>As RBAC names it.</summary>
    public string Verb { get; set; } = "";

    public bool IsWatch => Flag("watch");

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    public bool Flag(string name) => Query(name) is "true" or "1" or "True";

    public int Number(string name)
    {
        if (Query(name) is not { Length: > 0 } text) return 0;
        return int.TryParse(text, out var number) ? Math.Max(number, 0) : throw ApiErrors.BadRequest($"{name}: \"{text}\" is not a number");
    }

    /// <summary>Filled while the body is read: messages about members that occur twice.</summary>
    public List<string> DuplicateFields { get; } = [];

    /// <summary>Who writes and how.</summary>
    public WriteContext Context(bool isApply = false, string? subresource = null) => new()
    {
        User = User.Name,
        FieldManager = Query("fieldManager") is { Length: > 0 } manager
            ? manager.Length <= LongestManager ? manager : throw Refused("fieldManager", "FieldValueTooLong", $"Too long: may not be more than {LongestManager} bytes")
            : ManagerFromAgent(),
        Subresource = subresource,
        DryRun = DryRun(),
        IsApply = isApply,
        FieldValidation = Query("fieldValidation") switch
        {
            null or "" or "Warn" => FieldValidation.Warn,
            "Strict" => FieldValidation.Strict,
            "Ignore" => FieldValidation.Ignore,
            var other => throw Refused("fieldValidation", "FieldValueNotSupported", $"Unsupported value: \"{other}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""),
        },
        DuplicateFields = DuplicateFields,
        Guard = Guard,
    };

    public Action<Admission.AdmissionRequest>? Guard { get; set; }

    private bool DryRun() => Query("dryRun") switch
    {
        null or "" => false,
        "All" => true,
        var other => throw Refused("dryRun", "FieldValueNotSupported", $"Unsupported value: [\"{other}\"]: supported values: \"All\""),
    };

    private KubeApiException Refused(string field, string type, string message) => ApiErrors.InvalidOptions(
        Http.Request.Method switch { "PUT" => "UpdateOptions", "PATCH" => "PatchOptions", "DELETE" => "DeleteOptions", _ => "CreateOptions" },
        [new(type, message, field)]);

    private string ManagerFromAgent()
    {
        var agent = Http.Request.Headers.UserAgent.ToString();
        var slash = agent.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? agent : agent[..slash];
        return name.Length is > 0 and <= LongestManager ? name : "unknown";
    }
}
