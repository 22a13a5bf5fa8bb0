using System.Text.Json.Nodes;
using Fleet.Contracts.Ipam;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Ipam;

/// <summary>
/// What a claim asks of its provider: an object of the provider's own pool kind, named as the claim. Pure. Only the addresses of nodes are handed out by
/// the providers, as with upstream. Sources: the APIs of cluster-api-ipam-provider-in-cluster (v1alpha2) and cluster-api-ipam-provider-infoblox (v1alpha1).
/// </summary>
internal static class IpamPools
{
    public const string Group = "ipam.cluster.x-k8s.io";

    /// <summary>The key of the cluster chart's values that takes what a provider made.</summary>
    public const string ConfigKey = "ipPool";

    private const string InCluster = "in-cluster";

    private const string Infoblox = "ipam-infoblox";

    /// <summary>Null for a provider that is not known.</summary>
    public static GroupVersionKind? KindOf(string provider) => provider switch
    {
        InCluster => new(Group, "v1alpha2", "InClusterIPPool"),
        Infoblox => new(Group, "v1alpha1", "InfobloxIPPool"),
        _ => null,
    };

    public static JsonObject Spec(ClusterIpamClaimSpec claim)
    {
        var network = claim.NodeNetwork ?? new();
        if (claim.Provider == Infoblox)
            return new() { ["subnets"] = new JsonArray(new JsonObject { ["cidr"] = network.Cidr }) };
        var addresses = network.IpAddresses is { Count: > 0 } listed ? listed : network.Cidr is { Length: > 0 } cidr ? [cidr] : [];
        var spec = new JsonObject { ["addresses"] = new JsonArray([.. addresses.Select(address => (JsonNode)address)]) };
        if (network.Gateway is { Length: > 0 } gateway)
            spec["gateway"] = gateway;
        // The provider's kind demands one; a range says it already.
        if ((network.Prefix ?? PrefixOf(network.Cidr)) is { } prefix)
            spec["prefix"] = prefix;
        return spec;
    }

    private static int? PrefixOf(string? cidr) =>
        cidr?.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && byte.TryParse(cidr.AsSpan(slash + 1), out var length) ? length : null;

    /// <summary>Why no pool can be asked for; null when one can.</summary>
    public static string? Missing(ClusterIpamClaimSpec claim)
    {
        if (KindOf(claim.Provider) is null)
            return $"unknown provider name '{claim.Provider}'";
        var network = claim.NodeNetwork;
        if (claim.Provider == Infoblox)
            return network?.Cidr is { Length: > 0 } ? null : "spec.nodeNetwork.cidr is needed for ipam-infoblox";
        return network is { IpAddresses.Count: > 0 } or { Cidr.Length: > 0 } ? null : "spec.nodeNetwork needs cidr or ipAddresses";
    }

    /// <summary>Whether addresses can be taken out of the pool.</summary>
    public static bool IsReady(string provider, JsonObject pool) => provider == Infoblox
        ? pool["status"]?["conditions"] is JsonArray { Count: > 0 } conditions && conditions.All(condition => (string?)condition?["status"] == "True")
        : pool["status"]?["ipAddresses"]?["total"] is JsonValue total && total.TryGetValue<long>(out var count) && count > 0;

    /// <summary>What a cluster chart refers to the pool by.</summary>
    public static ClusterIpamProviderData Data(GroupVersionKind kind, string name, bool ready) => new()
    {
        Name = ConfigKey,
        Config = new JsonObject { ["apiGroup"] = kind.Group, ["kind"] = kind.Kind, ["name"] = name },
        Ready = ready,
    };
}
