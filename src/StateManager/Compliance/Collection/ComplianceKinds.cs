using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Health.Rules;

namespace Fleet.StateManager.Compliance.Collection;

/// <summary>Which kinds of a cluster tell of policies. Pure.</summary>
internal static class ComplianceKinds
{
    public const string Constraints = "constraints.gatekeeper.sh";

    private static readonly Dictionary<string, string[]> Reports = new()
    {
        ["wgpolicyk8s.io"] = ["PolicyReport", "ClusterPolicyReport"],
        ["openreports.io"] = ["Report", "ClusterReport"],
    };

    /// <summary>Kinds of Gatekeeper that are watched at once; one is made for each ConstraintTemplate.</summary>
    private const int MostKinds = 200;

    public static bool IsGroup(string group) => group == Constraints || Reports.ContainsKey(group);

    /// <param name="definition">Name of a definition: PLURAL.GROUP.</param>
    public static bool MayMatter(string definition) => definition.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && IsGroup(definition[(dot + 1)..]);

    /// <summary>Each once: the same objects are served in all versions of a group.</summary>
    /// <param name="lists">APIResourceLists of one group, the version that the server prefers first.</param>
    public static IReadOnlyList<ResourceKind> Of(string group, IEnumerable<(string Version, JsonObject List)> lists) =>
    [
        .. lists.SelectMany(list => (list.List["resources"] as JsonArray ?? []).OfType<JsonObject>().Select(resource => (list.Version, Resource: resource)))
            .Select(served => new ResourceKind(
                group, served.Version, ObservedObject.TextOf(served.Resource["kind"]), ObservedObject.TextOf(served.Resource["name"]),
                served.Resource["namespaced"] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes))
            .Where(kind => kind.Plural.Length > 0 && !kind.Plural.Contains('/', StringComparison.Ordinal))
            .Where(kind => group == Constraints || Reports[group].Contains(kind.Kind))
            .DistinctBy(kind => kind.Plural)
            .OrderBy(kind => kind.Plural, StringComparer.Ordinal)
            .Take(MostKinds),
    ];

    public static string NameOf(ResourceKind kind) => $"{kind.Plural}.{kind.Group}";
}
