using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;

namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>The rules of the Cluster API book's provider contracts (v1beta2, and what v1beta1 has in other places), each for every provider.</summary>
public sealed class ProviderContractTests
{
    private static readonly string[] AddressTypes = ["Hostname", "ExternalIP", "InternalIP", "ExternalDNS", "InternalDNS"];

    public static TheoryData<string> Providers => [.. ProviderKinds.Standalone.Select(p => p.Prefix)];

    public static TheoryData<string> ManagedProviders => [.. ProviderKinds.Managed.Select(p => p.ControlPlane)];

    /// <summary>All resources: scope, TypeMeta, version labels, list kinds, status.</summary>
    [Fact]
    public void Every_kind_that_takes_part_is_defined_as_the_contracts_ask()
    {
        var parts = KindDefinitions.All.Where(k => k.Role is not (KindRole.None or KindRole.InfrastructureMachineTemplate)).ToList();
        Assert.True(parts.Count > 40);
        foreach (var kind in parts)
        {
            var crd = CrdFactory.Make(kind);
            Assert.Equal("Namespaced", crd.Text("spec", "scope"));
            Assert.Equal($"{kind.Plural}.{kind.Group}", crd.NameOf());
            Assert.Equal($"{kind.Kind}List", crd.Text("spec", "names", "listKind"));
            Assert.Contains("cluster-api", crd.Texts("spec", "names", "categories"));
            Assert.All(crd.Items("spec", "versions"), v => Assert.NotNull(v.Child("subresources", "status")));
            var served = crd.Items("spec", "versions").Select(v => v.Text("name")).ToHashSet();
            foreach (var contract in new[] { "v1beta1", "v1beta2" })
                Assert.All(crd.Label($"cluster.x-k8s.io/{contract}")!.Split('_'), v => Assert.Contains(v, served));
        }
        foreach (var kind in parts.Where(k => k.HasScale))
            Assert.All(CrdFactory.Make(kind).Items("spec", "versions"), v => Assert.Equal(".status.selector", v.Text("subresources", "scale", "labelSelectorPath")));
        // A machine kind has its template.
        foreach (var kind in parts.Where(k => k.Role is KindRole.InfrastructureMachine && k.Kind != "PooledRemoteMachine"))
            Assert.Contains(KindDefinitions.All, k => k.Kind == $"{kind.Kind}Template");
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Infrastructure_clusters_and_machines_follow_their_contracts(string prefix)
    {
        await using var harness = await StartAsync(prefix);
        await harness.AvailableAsync();
        var provider = ProviderKinds.Standalone.Single(p => p.Prefix == prefix);

        // InfraCluster: endpoint, failure domains, initialization completed in both contracts' fields, conditions.
        var infrastructure = harness.Get($"{prefix}Cluster", "sim");
        var cluster = harness.Get("Cluster", "sim");
        Assert.True(infrastructure.Flag("status", "initialization", "provisioned"));
        Assert.True(infrastructure.Flag("status", "ready"));
        Assert.True(infrastructure.IsTrue("Ready"));
        Assert.InRange(infrastructure.Number("spec", "controlPlaneEndpoint", "port")!.Value, 1, 65535);
        Assert.True(JsonNode.DeepEquals(infrastructure.At("spec", "controlPlaneEndpoint"), cluster.At("spec", "controlPlaneEndpoint")));
        Assert.True(JsonNode.DeepEquals(infrastructure.At("status", "failureDomains"), cluster.At("status", "failureDomains")));
        foreach (var domain in infrastructure.Items("status", "failureDomains"))
            Assert.True(domain.Text("name") is { Length: > 0 } && domain["controlPlane"] is not null);
        Assert.Equal("Cluster", infrastructure.Controller()!.Text("kind"));
        Assert.NotEmpty(infrastructure.Texts("metadata", "finalizers"));

        // InfraMachine: provider id equal to the Node's, failure domain, addresses, initialization completed, conditions.
        foreach (var machine in harness.All("Machine"))
        {
            var made = harness.Get($"{prefix}Machine", machine.Text("spec", "infrastructureRef", "name")!);
            var node = harness.Nodes().Single(n => n.NameOf() == machine.Text("status", "nodeRef", "name"));
            Assert.StartsWith(provider.ProviderId, made.Text("spec", "providerID"));
            Assert.Equal(made.Text("spec", "providerID"), node.Text("spec", "providerID"));
            Assert.Equal(made.Text("spec", "providerID"), machine.Text("spec", "providerID"));
            Assert.Equal(node.Label("topology.kubernetes.io/zone"), made.Text("status", "failureDomain"));
            Assert.NotEmpty(made.Items("status", "addresses"));
            Assert.All(made.Items("status", "addresses"), a => Assert.Contains(a.Text("type"), AddressTypes));
            Assert.True(made.Flag("status", "initialization", "provisioned") && made.Flag("status", "ready") && made.IsTrue("Ready"));
            Assert.Equal(("Machine", machine.NameOf()), (made.Controller()!.Text("kind"), made.Controller()!.Text("name")));
            Assert.Equal(provider.Cpu, node.Text("status", "capacity", "cpu"));
        }

        // InfraMachineTemplate: capacity for scaling from zero.
        var template = harness.Get($"{prefix}MachineTemplate", "sim-machine");
        Assert.Equal(provider.Cpu, template.Text("status", "capacity", "cpu"));
        Assert.Equal(("amd64", "linux"), (template.Text("status", "nodeInfo", "architecture"), template.Text("status", "nodeInfo", "operatingSystem")));

        await harness.DeleteAsync("Cluster", "sim");
        await harness.UntilAsync(() => harness.Find("Cluster", "sim") is null, "gone");
        Assert.Empty(harness.All($"{prefix}Machine"));
        Assert.Empty(harness.All($"{prefix}Cluster"));
        Assert.Empty(harness.All("KubeadmConfig"));
        Assert.Equal(["management"], harness.Registry.Clusters.Select(c => c.Name));
    }

    [Theory, MemberData(nameof(ManagedProviders))]
    public async Task Managed_control_planes_and_pools_follow_their_contracts(string kind)
    {
        await using var harness = await SimulationHarness.StartAsync();
        var (infrastructure, group, controlPlaneKind, pool) = ProviderKinds.Managed.Single(p => p.ControlPlane == kind);
        await SimulationHarness.ApplyAsync(harness.Management, ProviderKinds.ManagedYaml(infrastructure, group, controlPlaneKind, pool, k => harness.KindOf(k).Version));
        await harness.AvailableAsync();

        var controlPlane = harness.Get(kind, "sim-cp");
        Assert.True(controlPlane.Flag("status", "initialization", "controlPlaneInitialized"));
        Assert.True(controlPlane.Flag("status", "initialized") && controlPlane.Flag("status", "ready"));
        Assert.True(controlPlane.Flag("status", "externalManagedControlPlane"));
        Assert.Equal("v1.33.1", controlPlane.Text("status", "version"));
        Assert.True(controlPlane.IsTrue("Available"));
        Assert.Empty(harness.All("Machine"));
        Assert.Equal(2, harness.Get(pool, "sim-pool").Texts("spec", "providerIDList").Count());
        Assert.Equal(2, harness.Nodes().Count);

        await harness.DeleteAsync("Cluster", "sim");
        await harness.UntilAsync(() => harness.Find("Cluster", "sim") is null, "gone");
        Assert.Empty(harness.All(pool));
        Assert.Empty(harness.All(kind));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Nothing_happens_before_the_owner_is_set(string prefix)
    {
        await using var harness = await SimulationHarness.StartAsync(new() { CapiCore = Fleet.ControlPlane.Simulation.CapiCoreMode.External });
        await SimulationHarness.ApplyAsync(harness.Management, Yaml(harness, prefix));
        await harness.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Empty(harness.Get($"{prefix}Cluster", "sim").Texts("metadata", "finalizers"));
        Assert.Null(harness.Get($"{prefix}Cluster", "sim")["status"]);
        Assert.Null(harness.Find("KubeadmControlPlane", "sim-cp")!["status"]);
        Assert.Empty(harness.Get("Cluster", "sim").Texts("metadata", "finalizers"));
    }

    [Theory]
    [InlineData("Cluster", "sim")]
    [InlineData("SimulatedCluster", "sim")]
    public async Task A_paused_object_is_not_touched_and_says_so(string kind, string name)
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        await harness.AvailableAsync();
        if (kind == "Cluster")
            await harness.ChangeAsync(kind, name, c => c.Ensure("spec").Put("paused", true));
        else
            await harness.AnnotateAsync(kind, name, "cluster.x-k8s.io/paused", "");
        await harness.UntilAsync(() => harness.Get("SimulatedCluster", "sim").IsTrue("Paused"), "paused");

        await harness.AnnotateAsync("SimulatedCluster", "sim", "simulation.fleet.dev/fail", "not now");
        await harness.PassAsync(TimeSpan.FromSeconds(20));
        Assert.True(harness.Get("SimulatedCluster", "sim").IsTrue("Ready"));

        if (kind == "Cluster")
            await harness.ChangeAsync(kind, name, c => c.Ensure("spec").Put("paused", false));
        else
            await harness.AnnotateAsync(kind, name, "cluster.x-k8s.io/paused", null);
        await harness.UntilAsync(() => harness.Get("SimulatedCluster", "sim").FindCondition("Ready")!.Text("message") == "not now", "resumed");
        Assert.Equal("False", harness.Get("SimulatedCluster", "sim").FindCondition("Paused")!.Text("status"));
        // What was provisioned is never taken back.
        Assert.True(harness.Get("SimulatedCluster", "sim").Flag("status", "initialization", "provisioned"));
        Assert.True(harness.Get("Cluster", "sim").Flag("status", "initialization", "infrastructureProvisioned"));
    }

    [Fact]
    public async Task Externally_managed_infrastructure_is_left_to_whoever_manages_it()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster(workers: 1).Replace("kind: SimulatedCluster\nmetadata: {name: sim, namespace: default}",
            "kind: SimulatedCluster\nmetadata:\n  name: sim\n  namespace: default\n  annotations: {cluster.x-k8s.io/managed-by: terraform}", StringComparison.Ordinal));
        await harness.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Null(harness.Get("SimulatedCluster", "sim")["status"]);
        Assert.Empty(harness.Get("SimulatedCluster", "sim").Texts("metadata", "finalizers"));

        await harness.ChangeAsync("SimulatedCluster", "sim", i => i.Ensure("spec").Put("controlPlaneEndpoint", new JsonObject { ["host"] = "api.example.test", ["port"] = 443 }));
        await harness.Management.ChangeAsync(harness.KindOf("SimulatedCluster"), new("default", "sim"), i => i.Ensure("status", "initialization").Put("provisioned", true), status: true, CancellationToken.None);
        await harness.AvailableAsync();
        Assert.Equal("api.example.test", harness.Get("Cluster", "sim").Text("spec", "controlPlaneEndpoint", "host"));

        await harness.DeleteAsync("Cluster", "sim");
        await harness.UntilAsync(() => harness.Find("Cluster", "sim") is null, "gone");
        Assert.Null(harness.Registry.Find("default-sim"));
    }

    [Fact]
    public async Task A_users_endpoint_on_the_Cluster_is_kept()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster().Replace("spec:\n  infrastructureRef",
            "spec:\n  controlPlaneEndpoint: {host: k8s.example.test, port: 8443}\n  infrastructureRef", StringComparison.Ordinal));
        await harness.AvailableAsync();
        foreach (var kind in new[] { "Cluster", "SimulatedCluster" })
            Assert.Equal(("k8s.example.test", 8443), (harness.Get(kind, "sim").Text("spec", "controlPlaneEndpoint", "host"), harness.Get(kind, "sim").Number("spec", "controlPlaneEndpoint", "port")));
    }

    private static async Task<SimulationHarness> StartAsync(string prefix)
    {
        var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, Yaml(harness, prefix));
        return harness;
    }

    private static string Yaml(SimulationHarness harness, string prefix)
    {
        var (_, cluster, machine, _, _) = ProviderKinds.Standalone.Single(p => p.Prefix == prefix);
        return ProviderKinds.StandaloneYaml(prefix, cluster, machine, harness.KindOf($"{prefix}Cluster").Version);
    }
}
