using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;
using static Fleet.Integration.Tests.ClusterManager.ReferencedFleet;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Clusters that take the addresses of their machines from a claim, with the simulated in-cluster provider.</summary>
public class IpamClusterTests
{
    private static readonly ResourceKind Pools = new("ipam.cluster.x-k8s.io", "v1alpha2", "InClusterIPPool", "inclusterippools", true);

    private static readonly ResourceKind MachineTemplates = new("infrastructure.cluster.x-k8s.io", "v1beta2", "VSphereMachineTemplate", "vspheremachinetemplates", true);

    [Fact]
    public async Task A_cluster_with_an_inline_claim_becomes_ready_on_addresses_of_its_pool_and_its_spec_stays_as_it_was_written()
    {
        await using var management = await StartAsync();
        await management.ApplyAsync(VSphere("web", "ipamClaim: {spec: {provider: in-cluster, nodeNetwork: {cidr: 10.20.1.0/24, gateway: 10.20.1.1}}}"));
        var ready = await management.ReadyAsync("web");
        Assert.Equal(ConditionStatus.True, ready.Find(ClusterIpamClaimReady)!.Status);
        Assert.Null(ready.Spec.IpamClaim!.Ref);
        Assert.False(((JsonObject)ready.Spec.Config!).ContainsKey("ipamEnabled"));
        Assert.False(((JsonObject)ready.Spec.Config!).ContainsKey("ipPool"));
        Assert.Equal(
            (true, """{"name":"ipPool","config":{"apiGroup":"ipam.cluster.x-k8s.io","kind":"InClusterIPPool","name":"web-ipam"},"ready":true}"""),
            ((bool)ready.Status!.EffectiveConfig!["ipamEnabled"]!, ready.Status.EffectiveConfig["ipPool"]!.ToJsonString()));
        var claim = await management.Client.Resource(FleetKinds.ClusterIpamClaims).GetAsync(new(Namespace, "web-ipam"), CancellationToken.None);
        Assert.Equal(("web", ready.Metadata.Uid), (claim!.Spec.Cluster, Assert.Single(claim.Metadata.OwnerReferences!).Uid));
        Assert.Equal(253, (int)(await management.GetAsync(Pools, "web-ipam"))!.At("status", "ipAddresses", "total")!);
        foreach (var template in await TemplatesAsync(management))
            Assert.Equal("web-ipam", (string?)template.At("spec", "template", "spec", "network")!["devices"]![0]!["addressesFromPools"]![0]!["name"]);

        // Another range is another pool content, and the same pool.
        await management.ChangeAsync("web", """{"spec":{"ipamClaim":{"spec":{"nodeNetwork":{"cidr":"10.20.2.0/25","gateway":"10.20.2.1"}}}}}""");
        await ManagementCluster.UntilAsync(
            () => management.GetAsync(Pools, "web-ipam"), pool => (int?)pool?.At("status", "ipAddresses", "total") == 125, pool => pool?.Root["status"]?.ToJsonString() ?? "no pool");

        // Without a claim machines ask DHCP, and claim and pool go when they do.
        await management.ChangeAsync("web", """{"spec":{"ipamClaim":null}}""");
        await management.GoneAsync(Pools, "web-ipam");
        var without = await management.UntilAsync("web", cluster => cluster.Find(ClusterIpamClaimReady) is null);
        Assert.False((bool)without!.Status!.EffectiveConfig!["ipamEnabled"]!);

        await management.DeleteAsync("web");
        await management.GoneAsync(FleetKinds.ClusterDeployments.Kind, "web");
    }

    [Fact]
    public async Task A_claim_of_its_own_must_be_there_name_the_cluster_and_be_bound()
    {
        await using var management = await StartAsync();
        await management.ApplyAsync(VSphere("web", "ipamClaim: {ref: nodes}"));
        await management.UntilAsync("web", cluster => cluster.Find(ClusterIpamClaimReady)?.Message == $"failed to fetch ClusterIPAMClaim {Namespace}/nodes: it does not exist");
        await management.ApplyAsync(Claim("nodes", "ipam-infoblox", "cluster: api"));
        await management.UntilAsync("web", cluster => cluster.Find(ClusterIpamClaimReady)?.Message == "ClusterIPAMClaim.Spec.Cluster api does not match ClusterDeployment.Name web");
        Assert.Null(await management.GetAsync(SimulatedFleet.Clusters, "web"));

        await management.Client.Resource(FleetKinds.ClusterIpamClaims).DeleteAsync(new(Namespace, "nodes"), DeleteOptions.Background, CancellationToken.None);
        await management.GoneAsync(FleetKinds.ClusterIpams.Kind, "nodes");
        await management.ApplyAsync(Claim("nodes", "ipam-infoblox", "cluster: web"));
        var missing = await management.UntilAsync("web", cluster => cluster.Find(ClusterIpamClaimReady)?.Message.Contains("InfobloxIPPool", StringComparison.Ordinal) == true);
        Assert.Equal(
            $"ClusterIPAMClaim {Namespace}/nodes: ClusterIPAMClaim provider processing failed: the management cluster has no kind InfobloxIPPool in ipam.cluster.x-k8s.io/v1alpha1: is the provider ipam-infoblox installed?",
            missing.Find(ClusterIpamClaimReady)!.Message);

        await management.ChangeAsync("web", """{"spec":{"ipamClaim":{"ref":"own"}}}""");
        await management.ApplyAsync(Claim("own", "in-cluster", "cluster: web"));
        await management.ReadyAsync("web");
        await management.DeleteAsync("web");
        await management.GoneAsync(FleetKinds.ClusterDeployments.Kind, "web");
        // What the user has made stays the user's.
        Assert.NotNull(await management.GetAsync(FleetKinds.ClusterIpamClaims.Kind, "own"));
    }

    private static async Task<ManagementCluster> StartAsync()
    {
        var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync("""
            apiVersion: v1
            kind: Secret
            metadata: {name: vsphere-identity-secret, namespace: kcm-system}
            stringData: {username: fleet@vsphere.local, password: not-a-real-secret}
            ---
            apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
            kind: VSphereClusterIdentity
            metadata: {name: vsphere-identity}
            spec: {secretName: vsphere-identity-secret, allowedNamespaces: {selector: {matchLabels: {}}}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: {name: vsphere, namespace: mon-organisation}
            spec: {identityRef: {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: VSphereClusterIdentity, name: vsphere-identity}}
            """);
        return management;
    }

    private static string VSphere(string name, string spec) => $$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}} }
        spec:
          template: vsphere-standalone-cp-0-1-0
          credential: vsphere
          {{{spec}}}
          config:
            vsphere: {server: vcenter.example.org, datacenter: dc1, datastore: datastore1, resourcePool: /dc1/host/cluster1/Resources}
            controlPlaneEndpointIP: 10.20.0.10
            controlPlaneNumber: 1
            workersNumber: 1
            controlPlane: {ssh: {publicKey: ssh-ed25519 AAAAexample}}
            worker: {ssh: {publicKey: ssh-ed25519 AAAAexample}}
        """;

    private static string Claim(string name, string provider, string spec) => $$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterIPAMClaim
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}} }
        spec: {provider: {{{provider}}}, {{{spec}}}, nodeNetwork: {cidr: 10.30.0.0/24} }
        """;

    private static async Task<IReadOnlyList<DynamicObject>> TemplatesAsync(ManagementCluster management)
    {
        var found = (await management.Client.Dynamic(MachineTemplates).ListAsync(new() { Namespace = Namespace }, CancellationToken.None)).Items;
        Assert.NotEmpty(found);
        return found;
    }
}
