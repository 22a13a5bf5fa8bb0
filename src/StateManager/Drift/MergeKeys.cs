using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Drift;

/// <summary>
/// By which fields the API server knows the elements of a list apart, as its OpenAPI document says it for Kubernetes' own kinds
/// (<c>x-kubernetes-list-map-keys</c>). Other lists are one value. Pure.
/// </summary>
internal static class MergeKeys
{
    private static readonly Dictionary<string, string[]> ByName = new(StringComparer.Ordinal)
    {
        ["containers"] = ["name"],
        ["initContainers"] = ["name"],
        ["ephemeralContainers"] = ["name"],
        ["volumes"] = ["name"],
        ["env"] = ["name"],
        ["imagePullSecrets"] = ["name"],
        ["resourceClaims"] = ["name"],
        ["schedulingGates"] = ["name"],
        ["secrets"] = ["name"],
        ["webhooks"] = ["name"],
        ["volumeMounts"] = ["mountPath"],
        ["volumeDevices"] = ["devicePath"],
        ["hostAliases"] = ["ip"],
        ["topologySpreadConstraints"] = ["topologyKey", "whenUnsatisfiable"],
    };

    /// <summary>Null where the list is one value.</summary>
    public static string[]? For(GroupVersionKind type, FieldPath list)
    {
        if (!IsKubernetesOwn(type.Group))
            return null;
        if (list.Name == "ports")
            return list.Parent is { IsElement: true } ? InContainer(list) ? ["containerPort", "protocol"] : null
                : type is { Group: "", Kind: "Service" } ? ["port", "protocol"] : null;
        return ByName.GetValueOrDefault(list.Name);
    }

    /// <summary>Kinds of Kubernetes itself: what is known of their fields holds for no other kind.</summary>
    public static bool IsKubernetesOwn(string group) =>
        !group.Contains('.', StringComparison.Ordinal)
        || (group.EndsWith(".k8s.io", StringComparison.Ordinal) && !group.EndsWith(".x-k8s.io", StringComparison.Ordinal) && !IsAddOn(group));

    /// <summary>The keys of an element with their defaults; null when it lacks one.</summary>
    public static JsonObject? Of(JsonNode? element, string[] keys)
    {
        if (element is not JsonObject map)
            return null;
        var found = new JsonObject();
        foreach (var key in keys)
        {
            var value = map[key]?.DeepClone() ?? (key == "protocol" ? JsonValue.Create("TCP") : null);
            if (value is null)
                return null;
            found[key] = value;
        }

        return found;
    }

    private static bool InContainer(FieldPath list) => list.Parent!.Parent!.Name is "containers" or "initContainers" or "ephemeralContainers";

    // CRDs of Kubernetes' own projects live in groups that look like built-in ones.
    private static bool IsAddOn(string group) => group is "gateway.networking.k8s.io" or "snapshot.storage.k8s.io" or "metrics.k8s.io" or "policy.networking.k8s.io";
}
