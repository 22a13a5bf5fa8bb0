using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;

namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>
/// With the small core off. The test plays a real core, by what the contracts say that a core writes, in both contracts' places: owners, labels, flags. Everything else
/// has to come from our providers.
/// </summary>
public sealed class ExternalCoreTests
{
    [Theory]
    [InlineData("v1beta2")]
    [InlineData("v1beta1")]
    public async Task Another_core_gets_a_cluster_with_a_control_plane_machine_out_of_the_providers(string contract)
    {
        await using var harness = await SimulationHarness.StartAsync(new() { CapiCore = CapiCoreMode.External });
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        var cluster = harness.Get("Cluster", "sim");

        await OwnAsync(harness, "SimulatedCluster", "sim", cluster);
        await OwnAsync(harness, "KubeadmControlPlane", "sim-cp", cluster);
        await harness.UntilAsync(() => contract == "v1beta2"
            ? harness.Get("SimulatedCluster", "sim").Flag("status", "initialization", "provisioned")
            : harness.Get("SimulatedCluster", "sim").Flag("status", "ready"), "infrastructure");
        await harness.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(harness.All("Machine"));

        await SetStatusAsync(harness, "Cluster", "sim", s => _ = contract == "v1beta2"
            ? s.Ensure("initialization").Put("infrastructureProvisioned", true)
            : s.Put("infrastructureReady", true));
        await harness.UntilAsync(() => harness.All("Machine").Count == 1, "the control plane's machine");
        var machine = harness.All("Machine")[0];
        Assert.Equal("sim", machine.Text("spec", "clusterName"));
        Assert.Null(machine["status"]?["phase"]);

        await OwnAsync(harness, "SimulatedMachine", machine.NameOf(), machine);
        await OwnAsync(harness, "KubeadmConfig", machine.NameOf(), machine);
        await harness.UntilAsync(() => harness.Get("KubeadmConfig", machine.NameOf()).Text("status", "dataSecretName") is not null, "bootstrap data");
        Assert.False(harness.Get("SimulatedMachine", machine.NameOf()).Flag("status", "ready"));

        await harness.ChangeAsync("Machine", machine.NameOf(), m => m.Ensure("spec", "bootstrap").Put("dataSecretName", harness.Get("KubeadmConfig", machine.NameOf()).Text("status", "dataSecretName")!));
        await harness.UntilAsync(() => harness.Get("SimulatedMachine", machine.NameOf()).Flag("status", "initialization", "provisioned"), "machine");
        await harness.UntilAsync(() => harness.Nodes().Count == 1, "node");
        Assert.Equal(harness.Get("SimulatedMachine", machine.NameOf()).Text("spec", "providerID"), harness.Nodes()[0].Text("spec", "providerID"));

        await SetStatusAsync(harness, "Machine", machine.NameOf(), s =>
        {
            s.Put("nodeRef", new JsonObject { ["name"] = harness.Nodes()[0].NameOf() });
            s.SetCondition(Condition.True("Ready", "Ready"), harness.Clock.GetUtcNow());
            s.SetCondition(Condition.True("Available", "Available"), harness.Clock.GetUtcNow());
        });
        await harness.UntilAsync(() => harness.Get("KubeadmControlPlane", "sim-cp").IsTrue("Available"), "control plane");
        Assert.True(harness.Get("KubeadmControlPlane", "sim-cp").Flag("status", "initialization", "controlPlaneInitialized"));
        Assert.True(harness.Get("Machine", machine.NameOf()).IsTrue("UpToDate"));
        Assert.NotNull(harness.Management.Get(CoreKinds.Secret, new("default", "sim-kubeconfig")));

        // The core's own objects were never touched by us.
        Assert.Empty(harness.Get("Cluster", "sim").Texts("metadata", "finalizers"));
        Assert.Null(harness.Get("MachineDeployment", "sim-md")["status"]);
        Assert.Empty(harness.All("MachineSet"));
    }

    [Fact]
    public async Task A_control_plane_kind_that_its_own_provider_installed_is_left_to_that()
    {
        await using var harness = await SimulationHarness.StartAsync(new() { CapiCore = CapiCoreMode.External });
        await harness.Management.ChangeAsync(CoreKinds.CustomResourceDefinition, Fleet.Kubernetes.Objects.ObjectKey.Cluster("kubeadmcontrolplanes.controlplane.cluster.x-k8s.io"), crd =>
        {
            foreach (var version in crd.Items("spec", "versions"))
                version.Ensure("schema", "openAPIV3Schema")["description"] = "KubeadmControlPlane is the real thing.";
            return true;
        }, status: false, CancellationToken.None);
        await SimulationHarness.ApplyAsync(harness.Management, SimulatedManifests.Cluster());
        var cluster = harness.Get("Cluster", "sim");
        await OwnAsync(harness, "SimulatedCluster", "sim", cluster);
        await OwnAsync(harness, "KubeadmControlPlane", "sim-cp", cluster);
        await SetStatusAsync(harness, "Cluster", "sim", s => s.Ensure("initialization").Put("infrastructureProvisioned", true));
        await harness.PassAsync(TimeSpan.FromSeconds(20));

        Assert.True(harness.Get("SimulatedCluster", "sim").IsTrue("Ready"));
        Assert.Null(harness.Get("KubeadmControlPlane", "sim-cp")["status"]);
        Assert.Empty(harness.All("Machine"));
    }

    private static Task OwnAsync(SimulationHarness harness, string kind, string name, JsonObject owner) => harness.ChangeAsync(kind, name, o =>
    {
        o.Ensure("metadata")["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(owner));
        return o.Ensure("metadata", "labels").Put("cluster.x-k8s.io/cluster-name", "sim") | true;
    });

    private static async Task SetStatusAsync(SimulationHarness harness, string kind, string name, Action<JsonObject> change) =>
        await harness.Management.ChangeAsync(harness.KindOf(kind), new("default", name), o =>
        {
            change(o.Ensure("status"));
            return true;
        }, status: true, CancellationToken.None);
}
