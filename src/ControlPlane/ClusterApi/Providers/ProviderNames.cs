using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Networking;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>How things are called at a provider: endpoints, zones, provider ids, node names. Pure; the same object always gets the same.</summary>
internal sealed record ProviderNames(string NetworkWord, IReadOnlyList<string> ClusterConditions)
{
    private static readonly (string Prefix, ProviderNames Names)[] Known =
    [
        ("AWS", new("VPC and load balancer", ["VpcReady", "SubnetsReady", "ClusterSecurityGroupsReady", "LoadBalancerReady"])),
        ("Azure", new("resource group and network", ["ResourceGroupReady", "VNetReady", "SubnetsReady", "LoadBalancersReady", "NetworkInfrastructureReady"])),
        ("GCP", new("network and load balancer", [])),
        ("OpenStack", new("network and load balancer", ["NetworkReady", "APIEndpointReady"])),
        ("VSphere", new("virtual network", ["VCenterAvailable"])),
        ("Kubevirt", new("load balancer Service", ["LoadBalancerAvailable"])),
        ("Docker", new("load balancer container", ["LoadBalancerAvailable"])),
        ("Dev", new("load balancer container", ["LoadBalancerAvailable"])),
    ];

    private static readonly ProviderNames Other = new("network", []);

    public static ProviderNames Of(ResourceKind kind) =>
        Known.Where(k => kind.Kind.StartsWith(k.Prefix, StringComparison.Ordinal)).Select(k => k.Names).FirstOrDefault(Other);

    public static bool Is(string kind, string prefix) => kind.StartsWith(prefix, StringComparison.Ordinal);

    public static string Region(JsonObject infrastructureCluster) =>
        infrastructureCluster.Text("spec", "region") ?? infrastructureCluster.Text("spec", "location")
        ?? infrastructureCluster.Text("spec", "identityRef", "region") ?? AzureService(infrastructureCluster)?.Text("location") ?? "local";

    /// <summary>The first object of Azure Service Operator inside a Cluster API object: what AKS clusters and pools are described by.</summary>
    public static JsonObject? AzureService(JsonObject infrastructure) => infrastructure.Items("spec", "resources").FirstOrDefault()?.Child("spec");

    /// <summary>What a user of the provider would expect to see; the kubeconfig points at the simulated cluster itself.</summary>
    public static JsonObject Endpoint(JsonObject infrastructureCluster, JsonObject cluster)
    {
        // A user may bring an endpoint of his own, on the Cluster.
        if (cluster.Text("spec", "controlPlaneEndpoint", "host") is { Length: > 0 })
            return (JsonObject)cluster.Child("spec", "controlPlaneEndpoint")!.DeepClone();
        var region = Region(infrastructureCluster);
        var name = cluster.NameOf();
        var hash = StableHash.Hex(infrastructureCluster.Uid(), 16);
        var host = infrastructureCluster.Text("kind") switch
        {
            { } k when Is(k, "AWSManaged") => $"{hash.ToUpperInvariant()}.gr7.{region}.eks.amazonaws.com",
            { } k when Is(k, "AWS") => $"{name}-apiserver-{hash[..10]}.{region}.elb.amazonaws.com",
            { } k when Is(k, "AzureASO") => $"{name}-{hash[..8]}.hcp.{region}.azmk8s.io",
            { } k when Is(k, "Azure") => $"{name}-{hash[..8]}.{region}.cloudapp.azure.com",
            _ => ExternalAddress.Address($"{infrastructureCluster.NamespaceOf()}/{name}"),
        };
        var port = infrastructureCluster.Text("kind")!.Contains("Managed", StringComparison.Ordinal) ? 443 : 6443;
        return new() { ["host"] = host, ["port"] = port };
    }

    /// <summary>In the form of contract v1beta2: a list with names.</summary>
    public static JsonNode? FailureDomains(JsonObject infrastructureCluster)
    {
        var region = Region(infrastructureCluster);
        if (region == "local")
            return null;
        return Zones(infrastructureCluster).Select(z => new JsonObject { ["name"] = z, ["controlPlane"] = true }).ToJson();
    }

    public static IReadOnlyList<string> Zones(JsonObject infrastructureCluster)
    {
        var region = Region(infrastructureCluster);
        return Is(infrastructureCluster.Text("kind") ?? "", "Azure") ? ["1", "2", "3"]
            : Is(infrastructureCluster.Text("kind") ?? "", "GCP") ? [$"{region}-a", $"{region}-b", $"{region}-c"]
            : [$"{region}a", $"{region}b", $"{region}c"];
    }
}
