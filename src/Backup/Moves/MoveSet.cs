using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Moves;

/// <summary>An object of the source with the kind by which it is reached.</summary>
internal sealed record MovedObject(ResourceKind Kind, DynamicObject Object)
{
    public override string ToString() => $"{Kind.Kind} {Object.Key}";
}

/// <summary>Which objects of a namespace are a cluster's own, and which of them it only uses. Pure.</summary>
internal static class MoveSet
{
    private const string ClusterLabel = "cluster.x-k8s.io/cluster-name";
    private const string ReleaseAnnotation = "meta.helm.sh/release-name";

    private static readonly (string Field, string Kind)[] Fields =
    [
        ("template", "ClusterTemplate"), ("credential", "Credential"), ("clusterAuth", "ClusterAuthentication"), ("auditPolicy", "ClusterAuditPolicy"), ("dataSource", "DataSource"),
    ];

    /// <summary>Its ClusterDeployment, what its release made, what those own, its services, its Secrets, the records of its release.</summary>
    public static IReadOnlyList<MovedObject> Own(IReadOnlyList<MovedObject> all, string cluster)
    {
        var own = all.Where(item => IsNamed(item, cluster)).ToHashSet();
        var uids = own.Select(item => item.Object.Metadata.Uid).ToHashSet();
        // Until nothing is added: owners come in any order.
        for (var before = -1; before != own.Count;)
        {
            before = own.Count;
            foreach (var item in all.Where(item => !own.Contains(item) && item.Object.Metadata.OwnerReferences?.Exists(owner => uids.Contains(owner.Uid)) == true))
            {
                own.Add(item);
                uids.Add(item.Object.Metadata.Uid);
            }
        }

        return [.. all.Where(own.Contains)];
    }

    /// <summary>What objects of these kinds name by a field of their own meaning, without saying the kind: templates and credentials; and sources, which have no version.</summary>
    public static IEnumerable<(string Kind, string Name)> Named(MovedObject item)
    {
        var spec = item.Object.Root["spec"] as JsonObject;
        if (item.Kind is { Group: FleetApi.Group, Kind: "ClusterDeployment" })
        {
            foreach (var (field, kind) in Fields)
            {
                if (Text(spec?[field]) is { } name)
                    yield return (kind, name);
            }
        }

        foreach (var (field, node) in Walk(spec))
        {
            if (Text(node["template"]) is { } template && node != spec && item.Kind.Group == FleetApi.Group)
                yield return ("ServiceTemplate", template);
            if (Text(node["templateChain"]) is { } chain && item.Kind.Group == FleetApi.Group)
                yield return ("ServiceTemplateChain", chain);
            if (field == "sourceRef" && Text(node["kind"]) is { } kind && Text(node["name"]) is { } source)
                yield return (kind, source);
        }
    }

    /// <summary>In which order the source lets go: who would make or delete something before what he would look at, and what is owned before its owner.</summary>
    public static int LetGoOrder(MovedObject item) => item.Kind switch
    {
        { Group: FleetApi.Group, Kind: "ClusterDeployment" } => 0,
        { Group: FleetApi.Group, Kind: "ServiceSet" } => 1,
        { Group: "cluster.x-k8s.io", Kind: "Cluster" } => 3,
        { Group: "" } => IsRecord(item) ? 5 : 4,
        _ => 2,
    };

    public static bool IsRecord(MovedObject item) => (string?)item.Object.Root["type"] == "helm.sh/release.v1";

    private static bool IsNamed(MovedObject item, string cluster)
    {
        var (labels, annotations) = (item.Object.Metadata.Labels, item.Object.Metadata.Annotations);
        return item.Kind switch
        {
            { Group: FleetApi.Group, Kind: "ClusterDeployment" } => item.Object.Key.Name == cluster,
            { Group: FleetApi.Group, Kind: "ServiceSet" } => Text(item.Object.At("spec", "cluster")) == cluster,
            _ when IsRecord(item) => labels?.GetValueOrDefault("name") == cluster,
            _ => labels?.GetValueOrDefault(ClusterLabel) == cluster || annotations?.GetValueOrDefault(ReleaseAnnotation) == cluster,
        };
    }

    private static IEnumerable<(string Field, JsonObject Node)> Walk(JsonNode? node, string field = "") => node switch
    {
        JsonObject inner => inner.SelectMany(next => Walk(next.Value, next.Key)).Prepend((field, inner)),
        JsonArray items => items.SelectMany(next => Walk(next, field)),
        _ => [],
    };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
}
