using System.Text;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Tests.ClusterApi;

public sealed class ProvisioningTests
{
    private const string Capi = "cluster.x-k8s.io/v1beta2";
    private const string Aws = "infrastructure.cluster.x-k8s.io/v1beta2";

    private const string Identity = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: kcm-system}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: aws-secret, namespace: kcm-system}
        stringData: {AccessKeyID: x}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: AWSClusterStaticIdentity
        metadata: {name: aws-identity}
        spec: {secretRef: aws-secret}
        """;

    private const string Cluster = """
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {name: web, namespace: default}
        spec:
          infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSCluster, name: web}
          controlPlaneRef: {apiGroup: controlplane.cluster.x-k8s.io, kind: KubeadmControlPlane, name: web-cp}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: AWSCluster
        metadata: {name: web, namespace: default}
        spec: {region: eu-central-1, identityRef: {kind: AWSClusterStaticIdentity, name: aws-identity}}
        ---
        apiVersion: controlplane.cluster.x-k8s.io/v1beta2
        kind: KubeadmControlPlane
        metadata: {name: web-cp, namespace: default}
        spec:
          replicas: 1
          version: v1.33.1
          machineTemplate: {spec: {infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSMachineTemplate, name: web-cp-mt}}}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: AWSMachineTemplate
        metadata: {name: web-cp-mt, namespace: default}
        spec: {template: {spec: {instanceType: t3.medium}}}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: AWSMachineTemplate
        metadata: {name: web-worker-mt, namespace: default}
        spec: {template: {spec: {instanceType: m5.xlarge}}}
        ---
        apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
        kind: KubeadmConfigTemplate
        metadata: {name: web-config, namespace: default}
        spec: {template: {spec: {}}}
        ---
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: MachineDeployment
        metadata: {name: web-md, namespace: default}
        spec:
          clusterName: web
          replicas: 2
          selector: {matchLabels: {pool: workers}}
          template:
            metadata: {labels: {pool: workers, node.cluster.x-k8s.io/pool: workers}}
            spec:
              clusterName: web
              version: v1.33.1
              bootstrap: {configRef: {apiGroup: bootstrap.cluster.x-k8s.io, kind: KubeadmConfigTemplate, name: web-config}}
              infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: AWSMachineTemplate, name: web-worker-mt}
        """;

    [Fact]
    public async Task A_cluster_with_its_parts_becomes_available_within_seconds()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, Identity + "\n---\n" + Cluster);
        var start = harness.Clock.GetUtcNow();

        await IsAvailableAsync(harness);

        Assert.InRange(harness.Clock.GetUtcNow() - start, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8));
        var cluster = Get(harness, "Cluster", "web");
        Assert.Equal("Provisioned", cluster.Text("status", "phase"));
        foreach (var condition in new[] { "InfrastructureReady", "ControlPlaneInitialized", "ControlPlaneAvailable", "ControlPlaneMachinesReady",
            "WorkersAvailable", "WorkerMachinesReady", "RemoteConnectionProbe" })
            Assert.True(cluster.IsTrue(condition), condition);
        Assert.EndsWith(".eu-central-1.elb.amazonaws.com", cluster.Text("spec", "controlPlaneEndpoint", "host"));
        Assert.Equal(2, cluster.Number("status", "workers", "availableReplicas"));
        Assert.Equal(1, cluster.Number("status", "controlPlane", "readyReplicas"));
    }

    [Fact]
    public async Task The_nodes_of_the_simulated_cluster_are_those_of_its_machines()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, Identity + "\n---\n" + Cluster);
        await IsAvailableAsync(harness);

        var work = harness.Registry.Find("default-web")!;
        var nodes = work.List(CoreKinds.Node);
        var machines = Machines(harness);
        Assert.Equal(machines.Select(m => m.Text("status", "nodeRef", "name")).Order(), nodes.Select(n => n.NameOf()).Order());
        Assert.Equal(machines.Select(m => m.Text("spec", "providerID")).Order(), nodes.Select(n => n.Text("spec", "providerID")).Order());
        Assert.All(nodes, n => Assert.StartsWith("aws:///eu-central-1", n.Text("spec", "providerID")));
        Assert.Equal(2, nodes.Count(n => n.Label("node.cluster.x-k8s.io/pool") == "workers" && n.Label("node.kubernetes.io/instance-type") == "m5.xlarge"));
        var secret = harness.Management.Get(CoreKinds.Secret, new("default", "web-kubeconfig"))!;
        Assert.Equal("cluster.x-k8s.io/secret", secret.Text("type"));
        Assert.Equal("web", secret.Label("cluster.x-k8s.io/cluster-name"));
        Assert.Contains("default-web", Encoding.UTF8.GetString(Convert.FromBase64String(secret.Text("data", "value")!)));
        Assert.Equal("KubeadmControlPlane", secret.Controller()!.Text("kind"));
    }

    [Fact]
    public async Task A_machine_whose_maker_died_before_it_made_the_Machine_goes_and_those_of_Machines_stay()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, Identity + "\n---\n" + Cluster);
        await IsAvailableAsync(harness);
        var controlPlane = harness.Get("KubeadmControlPlane", "web-cp");
        await SimulationHarness.ApplyAsync(harness.Management, $$"""
            apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
            kind: AWSMachine
            metadata:
              name: web-cp-lost
              namespace: default
              labels: {cluster.x-k8s.io/cluster-name: web}
              ownerReferences: [{apiVersion: controlplane.cluster.x-k8s.io/v1beta2, kind: KubeadmControlPlane, name: web-cp, uid: {{controlPlane.Uid()}}}]
            spec: {instanceType: t3.medium}
            """);
        await harness.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(4, harness.All("AWSMachine").Count);
        await harness.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(Machines(harness).Select(machine => machine.NameOf()).Order(), harness.All("AWSMachine").Select(machine => machine.NameOf()).Order());
    }

    [Fact]
    public async Task Without_its_credential_the_infrastructure_says_what_is_missing_and_goes_on_when_it_comes()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, Cluster);
        await harness.PassAsync(TimeSpan.FromSeconds(10));

        var ready = Infra(harness, "AWSCluster", "web").FindCondition("Ready")!;
        Assert.Equal("False", ready.Text("status"));
        Assert.Contains("awsclusterstaticidentities.infrastructure.cluster.x-k8s.io \"aws-identity\" not found", ready.Text("message"));
        Assert.Equal(ready.Text("message"), Get(harness, "Cluster", "web").FindCondition("InfrastructureReady")!.Text("message"));
        Assert.Null(harness.Registry.Find("default-web"));

        await SimulationHarness.ApplyAsync(harness.Management, Identity);
        await IsAvailableAsync(harness);
    }

    [Fact]
    public async Task Deleting_a_cluster_takes_workers_control_plane_and_infrastructure_in_that_order()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, Identity + "\n---\n" + Cluster);
        await IsAvailableAsync(harness);
        var gone = new List<string>();
        using var watch = harness.Management.Subscribe(c =>
        {
            if (c.Type == WatchEventType.Deleted && c.Kind.Kind is "MachineDeployment" or "KubeadmControlPlane" or "AWSCluster" or "Cluster" && c.Type == WatchEventType.Deleted)
                gone.Add(c.Kind.Kind);
        });

        await harness.Management.DeleteAsync(Kind(harness, Capi, "Cluster"), new("default", "web"), DeleteOptions.Background, CancellationToken.None);
        await harness.UntilAsync(() => harness.Management.Get(Kind(harness, Capi, "Cluster"), new("default", "web")) is null, "cluster gone");

        Assert.Equal(["MachineDeployment", "KubeadmControlPlane", "AWSCluster", "Cluster"], gone);
        Assert.Empty(Machines(harness));
        Assert.Empty(harness.Management.List(Kind(harness, Aws, "AWSMachine")));
        Assert.Null(harness.Registry.Find("default-web"));
    }

    [Fact]
    public async Task A_new_version_replaces_the_workers_one_by_one()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, Identity + "\n---\n" + Cluster);
        await IsAvailableAsync(harness);
        var before = Machines(harness).Where(m => m.Label("pool") == "workers").Select(m => m.NameOf()).ToList();

        await harness.Management.ChangeAsync(Kind(harness, Capi, "MachineDeployment"), new("default", "web-md"),
            d => d.Ensure("spec", "template", "spec").Put("version", "v1.34.0"), status: false, CancellationToken.None);
        var fewest = 2;
        await harness.UntilAsync(() =>
        {
            var workers = Machines(harness).Where(m => m.Label("pool") == "workers").ToList();
            fewest = Math.Min(fewest, workers.Count(m => m.IsTrue("Available")));
            return workers.Count == 2 && workers.All(m => m.Text("spec", "version") == "v1.34.0" && m.IsTrue("Ready"));
        }, "rolled out");

        Assert.Equal(2, fewest);
        Assert.DoesNotContain(Machines(harness), m => before.Contains(m.NameOf()));
        await harness.UntilAsync(() => harness.Registry.Find("default-web")!.List(CoreKinds.Node).Count == 3, "three nodes");
    }

    [Fact]
    public async Task Scaling_follows_the_replicas_in_both_directions()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, Identity + "\n---\n" + Cluster);
        await IsAvailableAsync(harness);

        await ScaleAsync(harness, "MachineDeployment", Capi, "web-md", 4);
        await harness.UntilAsync(() => Get(harness, "MachineDeployment", "web-md").Number("status", "availableReplicas") == 4, "four");
        await ScaleAsync(harness, "MachineDeployment", Capi, "web-md", 1);
        await harness.UntilAsync(() => harness.Registry.Find("default-web")!.List(CoreKinds.Node).Count == 2, "one worker");
        await ScaleAsync(harness, "KubeadmControlPlane", "controlplane.cluster.x-k8s.io/v1beta2", "web-cp", 3);
        await harness.UntilAsync(() => harness.Registry.Find("default-web")!.List(CoreKinds.Node).Count == 4, "three control plane nodes");
    }

    [Fact]
    public async Task A_paused_cluster_is_left_alone_until_it_is_resumed()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, Identity + "\n---\n" + Cluster.Replace("spec:\n  infrastructureRef", "spec:\n  paused: true\n  infrastructureRef"));
        await harness.PassAsync(TimeSpan.FromSeconds(10));

        Assert.True(Get(harness, "Cluster", "web").IsTrue("Paused"));
        Assert.Empty(Machines(harness));

        await harness.Management.ChangeAsync(Kind(harness, Capi, "Cluster"), new("default", "web"), c => c.Ensure("spec").Put("paused", false), status: false, CancellationToken.None);
        await IsAvailableAsync(harness);
    }

    [Fact]
    public async Task After_a_restart_everything_goes_on()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await SimulationHarness.ApplyAsync(harness.Management, Identity + "\n---\n" + Cluster);
        await harness.UntilAsync(() => Machines(harness).Count > 0, "half way");
        await harness.RestartAsync();
        harness.Registry.Remove("default-web");

        await IsAvailableAsync(harness);

        Assert.Equal(3, harness.Registry.Find("default-web")!.List(CoreKinds.Node).Count);
    }

    private static Task IsAvailableAsync(SimulationHarness harness) =>
        harness.UntilAsync(() => Get(harness, "Cluster", "web").IsTrue("Available"), "cluster available");

    private static async Task ScaleAsync(SimulationHarness harness, string kind, string apiVersion, string name, int replicas) =>
        await harness.Management.ChangeAsync(Kind(harness, apiVersion, kind), new("default", name),
            o => o.Ensure("spec").Put("replicas", replicas), status: false, CancellationToken.None);

    private static List<JsonObject> Machines(SimulationHarness harness) => [.. harness.Management.List(Kind(harness, Capi, "Machine"))];

    private static JsonObject Get(SimulationHarness harness, string kind, string name) => harness.Management.Get(Kind(harness, Capi, kind), new("default", name))!;

    private static JsonObject Infra(SimulationHarness harness, string kind, string name) => harness.Management.Get(Kind(harness, Aws, kind), new("default", name))!;

    private static ResourceKind Kind(SimulationHarness harness, string apiVersion, string kind) =>
        harness.Management.FindKind(GroupVersionKind.Parse(apiVersion, kind))!;
}
