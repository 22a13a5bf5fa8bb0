using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;

namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>The objects by which the Cluster API operator is asked for providers, as the simulation treats them.</summary>
public sealed class OperatorProviderTests
{
    [Fact]
    public async Task The_core_comes_first_and_versions_change()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await ApplyAsync(harness, "InfrastructureProvider", "aws", "v1.0.0");
        await harness.UntilAsync(() => Condition(harness, "PreflightCheckPassed")?.Text("reason") == "WaitingForCoreProviderReady", "waits for the core");
        await ApplyAsync(harness, "CoreProvider", "cluster-api", "v1.13.4");
        await harness.UntilAsync(() => Provider(harness)!.IsTrue("Ready"), "installed");
        Assert.Equal(("v1.0.0", "v1beta2"), (Provider(harness)!.Text("status", "installedVersion"), Provider(harness)!.Text("status", "contract")));
        Assert.True(Provider(harness)!.IsTrue("PreflightCheckPassed"));

        await harness.ChangeAsync("InfrastructureProvider", "aws", p => p.Ensure("spec").Put("version", "v1.1.0"));
        await harness.UntilAsync(() => !Provider(harness)!.IsTrue("Ready"), "upgrading");
        await harness.UntilAsync(() => Provider(harness)!.Text("status", "installedVersion") == "v1.1.0" && Provider(harness)!.IsTrue("Ready"), "upgraded");
        Assert.Equal(Provider(harness)!.Generation(), (long?)Provider(harness)!.Number("status", "observedGeneration"));

        await harness.DeleteAsync("InfrastructureProvider", "aws");
        await harness.UntilAsync(() => Provider(harness) is null, "gone");
    }

    [Fact]
    public async Task Faults_are_said_in_the_operators_conditions_and_pass()
    {
        await using var harness = await SimulationHarness.StartAsync();
        await ApplyAsync(harness, "CoreProvider", "cluster-api", "v1.13.4");
        await ApplyAsync(harness, "InfrastructureProvider", "aws", "v1.0.0", "simulation.fleet.dev/fail: no such image, simulation.fleet.dev/fail-reason: ImagePullBackOff");
        await harness.UntilAsync(() => Condition(harness, "ProviderInstalled")?.Text("message") == "no such image", "failed");
        Assert.Equal("ImagePullBackOff", Condition(harness, "Ready")!.Text("reason"));
        await harness.AnnotateAsync("InfrastructureProvider", "aws", "simulation.fleet.dev/fail", null);
        await harness.UntilAsync(() => Provider(harness)!.IsTrue("Ready"), "recovered");

        await harness.AnnotateAsync("InfrastructureProvider", "aws", "simulation.fleet.dev/fail-delete", "machines are left");
        await harness.DeleteAsync("InfrastructureProvider", "aws");
        await harness.UntilAsync(() => Condition(harness, "ProviderInstalled")?.Text("message") == "machines are left", "held");
        await harness.PassAsync(TimeSpan.FromSeconds(10));
        Assert.NotNull(Provider(harness));
        await harness.AnnotateAsync("InfrastructureProvider", "aws", "simulation.fleet.dev/fail-delete", null);
        await harness.UntilAsync(() => Provider(harness) is null, "gone");
    }

    private static JsonObject? Provider(SimulationHarness harness) => harness.Find("InfrastructureProvider", "aws");

    private static JsonObject? Condition(SimulationHarness harness, string type) => Provider(harness)?.FindCondition(type);

    private static Task ApplyAsync(SimulationHarness harness, string kind, string name, string version, string annotations = "") => SimulationHarness.ApplyAsync(
        harness.Management,
        $"apiVersion: operator.cluster.x-k8s.io/v1alpha2\nkind: {kind}\nmetadata: {{name: {name}, namespace: default, annotations: {{{annotations}}}}}\nspec: {{version: {version}}}\n");
}
