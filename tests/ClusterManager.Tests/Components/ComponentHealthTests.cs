using System.Text.Json.Nodes;
using Fleet.ClusterManager.Components;
using Fleet.Control.Health;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Components;

public class ComponentHealthTests
{
    [Theory]
    [InlineData("{}", "Progressing", "the operator is installing it")]
    [InlineData("""{"observedGeneration":1,"conditions":[{"type":"Ready","status":"True"}]}""", "Progressing", "the operator has not seen the latest spec yet")]
    [InlineData("""{"observedGeneration":2,"conditions":[{"type":"Ready","status":"True"}]}""", "Healthy", "")]
    [InlineData("""{"conditions":[{"type":"Ready","status":"True"}]}""", "Healthy", "")]
    [InlineData("""{"conditions":[{"type":"Ready","status":"False","message":"not all is well"},{"type":"PreflightCheckPassed","status":"False","reason":"X","message":"waiting for cert-manager"}]}""", "Failed", "PreflightCheckPassed: waiting for cert-manager")]
    [InlineData("""{"conditions":[{"type":"Ready","status":"False","reason":"IncorrectVersion"},{"type":"ProviderInstalled","status":"True"}]}""", "Failed", "Ready: IncorrectVersion")]
    public void A_provider_object_is_as_the_operator_says(string status, string verdict, string why)
    {
        var provider = new DynamicObject(JsonNode.Parse($$"""{"metadata":{"generation":2},"status":{{status}}}""")!.AsObject());
        Assert.Equal((Enum.Parse<WorkloadVerdict>(verdict), why), ProviderObject.Of(provider));
    }

    [Fact]
    public void Only_workloads_and_provider_objects_tell_health()
    {
        var found = RenderedObjects.Of(new("kcm-system", "capi"), """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: b, namespace: other}
            ---
            apiVersion: operator.cluster.x-k8s.io/v1alpha2
            kind: CoreProvider
            metadata: {name: c}
            ---
            apiVersion: extensions/v1beta1
            kind: Deployment
            metadata: {name: d}
            """);
        Assert.Equal(["Deployment other/b", "CoreProvider kcm-system/c"], found.Select(item => item.ToString()));
    }

    [Fact]
    public void The_worst_is_named_first_and_a_crowd_is_counted()
    {
        var health = ComponentHealth.Of(
        [
            new(WorkloadVerdict.Healthy, ""), new(WorkloadVerdict.Progressing, "b"), new(WorkloadVerdict.Failed, "z"), new(WorkloadVerdict.Progressing, "a") { IsMissing = true },
            new(WorkloadVerdict.Progressing, "c"),
        ]);
        Assert.Equal((WorkloadVerdict.Failed, "z; a; b; and 1 more", true), (health.Verdict, health.Message, health.HasMissing));
        Assert.True(ComponentHealth.Of([]).IsHealthy);
    }
}
