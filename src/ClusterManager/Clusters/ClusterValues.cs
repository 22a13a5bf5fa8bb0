using System.Text.Json.Nodes;
using Fleet.ClusterManager.References;
using Fleet.Contracts.References;

namespace Fleet.ClusterManager.Clusters;

/// <summary>
/// The values that a cluster chart is installed with: spec.config and what Fleet adds to it. The keys are what upstream's cluster charts
/// expect. Pure; the spec itself is never changed.
/// </summary>
internal static class ClusterValues
{
    public static JsonObject Of(ClusterDeployment cluster, ObjectReference? identity, IReadOnlyDictionary<string, string> global, ResolvedReferences references)
    {
        // null, absent and anything that is no object (which admission refuses) count as no values.
        var values = cluster.Spec.Config is JsonObject config ? (JsonObject)config.DeepClone() : [];
        references.AddTo(values);
        if (identity is not null)
            values["clusterIdentity"] = Identity(identity);
        if (global.Count > 0)
            values["global"] = Map(global);
        if (!values.ContainsKey("clusterLabels") && cluster.Metadata.Labels is { Count: > 0 } labels)
            values["clusterLabels"] = Map(labels);
        return values;
    }

    private static JsonObject Identity(ObjectReference identity)
    {
        var result = new JsonObject { ["apiVersion"] = identity.ApiVersion, ["kind"] = identity.Kind, ["name"] = identity.Name };
        if (identity.Namespace is { Length: > 0 } @namespace)
            result["namespace"] = @namespace;
        return result;
    }

    private static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
