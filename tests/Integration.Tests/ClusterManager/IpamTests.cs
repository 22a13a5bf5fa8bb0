using System.Text.Json.Nodes;
using Fleet.Contracts.Ipam;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Claims of addresses, with the pool kind of the in-cluster provider; what its controller would write into a pool's status, the test writes.</summary>
public class IpamTests
{
    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: inclusterippools.ipam.cluster.x-k8s.io}
        spec:
          group: ipam.cluster.x-k8s.io
          scope: Namespaced
          names: {plural: inclusterippools, singular: inclusterippool, kind: InClusterIPPool}
          versions:
          - name: v1alpha2
            served: true
            storage: true
            subresources: {status: {}}
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """;

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
        await management.ApplyAsync(Claim);
        var waiting = await UntilAsync(management, claim => claim?.Status?.Conditions is { Count: > 0 });
        Assert.Equal(ClusterIpamClaimConditions.ProviderError, Assert.Single(waiting!.Status!.Conditions!).Type);
        Assert.Contains("is the provider in-cluster installed?", waiting.Status.Conditions![0].Message, StringComparison.Ordinal);
        Assert.Null(waiting.Spec.ClusterIpamRef);

        await management.ApplyAsync(Definition);
        var pool = await ManagementCluster.UntilAsync(() => PoolAsync(management), pool => pool is not null, _ => "no pool");
        Assert.Equal("""{"addresses":["10.0.0.0/28"],"gateway":"10.0.0.1","prefix":28}""", pool!.At("spec")!.ToJsonString());
        var pending = await UntilAsync(management, claim => claim?.Status?.Conditions is null or { Count: 0 });
        Assert.False(pending!.Status!.Bound);

        await management.Client.Dynamic(Pools).PatchAsync(
            Nodes, Patch.Merge(new() { ["status"] = new JsonObject { ["addresses"] = new JsonObject { ["total"] = 13, ["free"] = 13 } } }),
            new() { Subresource = "status" }, CancellationToken.None);
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
        await management.ApplyAsync(Definition);
        await ManagementCluster.UntilAsync(
            () => management.Client.FindKindAsync(new("ipam.cluster.x-k8s.io", "v1alpha2", "InClusterIPPool"), CancellationToken.None), kind => kind is not null, _ => "not served");
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
