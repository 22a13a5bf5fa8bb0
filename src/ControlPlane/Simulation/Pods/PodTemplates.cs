using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Pods;

/// <summary>Pods and other objects from templates.</summary>
internal static class PodTemplates
{
    /// <summary>A pod of <c>spec.template</c>, owned and named; the caller adds what its kind adds.</summary>
    public static JsonObject MakePod(JsonObject owner, string name)
    {
        var template = owner.Child("spec", "template") ?? [];
        var metadata = template.Child("metadata")?.DeepClone().AsObject() ?? [];
        metadata.Remove("creationTimestamp");
        metadata["name"] = name;
        metadata["namespace"] = owner.NamespaceOf();
        metadata["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(owner));
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = template.Child("spec")?.DeepClone() ?? new JsonObject(),
        };
    }

    public static string RandomName(WorkloadCluster cluster, JsonObject owner) =>
        $"{owner.NameOf()}-{StableHash.Suffix($"{owner.Uid()}/{cluster.NextNumber()}", 5)}";

    public static void SetLabel(this JsonObject obj, string name, string value) => obj.Ensure("metadata", "labels")[name] = value;

    /// <summary>A short hash of a template that does not depend on the order of its fields.</summary>
    public static string Hash(JsonNode? template, string salt = "") => StableHash.Suffix(Canonical(template) + salt, 10);

    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject map => "{" + string.Join(',', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{Canonical(p.Value)}")) + "}",
        JsonArray list => "[" + string.Join(',', list.Select(Canonical)) + "]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
