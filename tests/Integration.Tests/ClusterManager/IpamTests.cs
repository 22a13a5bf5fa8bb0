using System.Text.Json.Nodes;
using Fleet.Contracts.Ipam;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Claims of addresses, with the pool kind of the in-cluster provider and what simulates its controller.</summary>
public class IpamTests
{
    private const string Definitions = "inclusterippools.ipam.cluster.x-k8s.io";

    private const string Claim = """
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterIPAMClaim
        metadata: {name: nodes, namespace: mon-organisation}
        spec:
          provider: in-cluster
          cluster: edge
          nodeNetwork: {cidr: 10.0.0.0/28, gateway: 10.0.0.1, prefix: 28}
        """;

    private static readonly ResourceKind Pools = new("ipam.cluster.x-k8s.io", "v1alpha2", "InClusterIPPool", "inclusterippools", true);

    private static readonly ObjectKey Nodes = new("mon-organisation", "nodes");

    [Fact]
    public async Task A_claim_is_bound_when_its_pool_has_addresses_and_says_what_is_missing_until_then()
    {
        await using var management = await ManagementCluster.StartAsync();
        var definition = await management.Client.Dynamic(CoreKinds.Definitions).GetAsync(ObjectKey.Cluster(Definitions), CancellationToken.None);
        await management.Client.Dynamic(CoreKinds.Definitions).DeleteAsync(ObjectKey.Cluster(Definitions), DeleteOptions.Background, CancellationToken.None);
        await ManagementCluster.UntilAsync(
            () => management.Client.Dynamic(CoreKinds.Definitions).GetAsync(ObjectKey.Cluster(Definitions), CancellationToken.None), found => found is null, _ => "the kind is still there");
        await management.ApplyAsync(Claim);
        var waiting = await UntilAsync(management, claim => claim?.Status?.Conditions is { Count: > 0 });
        Assert.Equal(ClusterIpamClaimConditions.ProviderError, Assert.Single(waiting!.Status!.Conditions!).Type);
        Assert.Contains("is the provider in-cluster installed?", waiting.Status.Conditions![0].Message, StringComparison.Ordinal);
        Assert.Null(waiting.Spec.ClusterIpamRef);

        await management.Client.Dynamic(CoreKinds.Definitions).CreateAsync(
            new(new JsonObject
            {
                ["apiVersion"] = definition!.Root["apiVersion"]!.DeepClone(), ["kind"] = definition.Root["kind"]!.DeepClone(),
                ["metadata"] = new JsonObject { ["name"] = Definitions }, ["spec"] = definition.Root["spec"]!.DeepClone(),
            }),
            CancellationToken.None);
        var pool = await ManagementCluster.UntilAsync(() => PoolAsync(management), pool => pool?.At("status") is not null, _ => "no pool that was counted");
        Assert.Equal("""{"addresses":["10.0.0.0/28"],"gateway":"10.0.0.1","prefix":28}""", pool!.At("spec")!.ToJsonString());
        Assert.Equal(13, (int)pool.At("status", "ipAddresses", "total")!);

        await UntilAsync(management, claim => claim?.Status?.Bound == true);
        var ipam = await management.Client.Resource(FleetKinds.ClusterIpams).GetAsync(Nodes, CancellationToken.None);
        Assert.Equal("""{"apiGroup":"ipam.cluster.x-k8s.io","kind":"InClusterIPPool","name":"nodes"}""", Assert.Single(ipam!.Status!.ProviderData!).Config!.ToJsonString());

        await management.Client.Resource(FleetKinds.ClusterIpamClaims).DeleteAsync(Nodes, DeleteOptions.Background, CancellationToken.None);
        await ManagementCluster.UntilAsync(() => PoolAsync(management), pool => pool is null, _ => "the pool is still there");
    }

    [Fact]
    public async Task A_pool_of_that_name_that_is_somebody_elses_is_left_alone()
    {
        await using var management = await ManagementCluster.StartAsync();
        await management.ApplyAsync("""
            apiVersion: ipam.cluster.x-k8s.io/v1alpha2
            kind: InClusterIPPool
            metadata: {name: nodes, namespace: mon-organisation}
            spec: {addresses: [192.168.0.0/24]}
            """);
        await management.ApplyAsync(Claim);
        var claim = await UntilAsync(management, claim => claim?.Status?.Conditions is { Count: > 0 });
        Assert.Contains("is not this claim's", claim!.Status!.Conditions![0].Message, StringComparison.Ordinal);
        Assert.Equal("192.168.0.0/24", (string?)(await PoolAsync(management))!.At("spec", "addresses")![0]);
    }

    private static Task<DynamicObject?> PoolAsync(ManagementCluster management) => management.Client.Dynamic(Pools).GetAsync(Nodes, CancellationToken.None);

    private static Task<CustomResource<ClusterIpamClaimSpec, ClusterIpamClaimStatus>?> UntilAsync(
        ManagementCluster management, Func<CustomResource<ClusterIpamClaimSpec, ClusterIpamClaimStatus>?, bool> isRight) =>
        ManagementCluster.UntilAsync(
            () => management.Client.Resource(FleetKinds.ClusterIpamClaims).GetAsync(Nodes, CancellationToken.None),
            isRight,
            claim => string.Join("\n", (claim?.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}")) + $" bound: {claim?.Status?.Bound}");
}
