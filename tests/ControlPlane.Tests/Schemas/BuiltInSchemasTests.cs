using System.Text.Json.Nodes;
using Fleet.ControlPlane.Patching;
using Fleet.ControlPlane.Schemas;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Tests.Schemas;

public sealed class BuiltInSchemasTests
{
    private static readonly Schema s_deployment = BuiltInSchemas.Find(GroupVersionKind.Parse("apps/v1", "Deployment"))!;

    [Theory]
    [InlineData("v1", "Pod")]
    [InlineData("v1", "Service")]
    [InlineData("v1", "ConfigMap")]
    [InlineData("v1", "Secret")]
    [InlineData("v1", "ServiceAccount")]
    [InlineData("v1", "Namespace")]
    [InlineData("v1", "Node")]
    [InlineData("v1", "PersistentVolume")]
    [InlineData("v1", "PersistentVolumeClaim")]
    [InlineData("v1", "Event")]
    [InlineData("apps/v1", "Deployment")]
    [InlineData("apps/v1", "StatefulSet")]
    [InlineData("apps/v1", "DaemonSet")]
    [InlineData("apps/v1", "ReplicaSet")]
    [InlineData("batch/v1", "Job")]
    [InlineData("batch/v1", "CronJob")]
    [InlineData("networking.k8s.io/v1", "Ingress")]
    [InlineData("networking.k8s.io/v1", "NetworkPolicy")]
    [InlineData("rbac.authorization.k8s.io/v1", "Role")]
    [InlineData("rbac.authorization.k8s.io/v1", "ClusterRoleBinding")]
    [InlineData("autoscaling/v2", "HorizontalPodAutoscaler")]
    [InlineData("policy/v1", "PodDisruptionBudget")]
    [InlineData("coordination.k8s.io/v1", "Lease")]
    [InlineData("apiextensions.k8s.io/v1", "CustomResourceDefinition")]
    public void A_kind_that_users_write_is_described(string apiVersion, string kind) =>
        Assert.True(BuiltInSchemas.Find(GroupVersionKind.Parse(apiVersion, kind))!.EmbeddedResource);

    [Fact]
    public void Unknown_fields_are_named_with_their_path() =>
        Assert.Equal(["unknown field \"spec.foo\"", "unknown field \"spec.template.spec.containers[0].imag\""], SchemaPruning.Messages(SchemaPruning.FindUnknown(Deployment("""
            {"foo":1,"replicas":1,"template":{"metadata":{"labels":{"any":"x"}},"spec":{"containers":[{"name":"a","imag":"x"}],"nodeSelector":{"q":"r"}}}}
            """), s_deployment)));

    [Fact]
    public void Wrong_types_are_found()
    {
        var errors = SchemaValidation.Validate(Deployment("""{"replicas":"three","selector":{},"template":{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80}]}]}}}"""), null, s_deployment);
        Assert.Equal("spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\"", Assert.Single(errors).Message);
    }

    [Fact]
    public void A_quantity_may_be_any_number() => Assert.Empty(SchemaValidation.Validate(Deployment("""
        {"selector":{},"template":{"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":0.5,"memory":"1Gi","x":1}}}]}}}
        """), null, s_deployment));

    [Fact]
    public void Two_appliers_share_a_deployment_container_by_container()
    {
        var writer = new FieldWriter("a", "apps/v1", "", default);
        var first = ServerSideApply.Apply(null, Deployment("""{"template":{"spec":{"containers":[{"name":"a","image":"1","ports":[{"containerPort":80}]}]}}}"""), s_deployment, writer, false);
        var second = ServerSideApply.Apply(first, Deployment("""{"template":{"spec":{"containers":[{"name":"b","image":"2"}]}}}"""), s_deployment, writer with { Manager = "b" }, false);
        Assert.Equal(["a", "b"], ((JsonArray)second["spec"]!["template"]!["spec"]!["containers"]!).Select(c => (string?)c!["name"]));
        Assert.Contains("k:{\\u0022containerPort\\u0022:80,\\u0022protocol\\u0022:\\u0022TCP\\u0022}", second["metadata"]!["managedFields"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static JsonObject Deployment(string spec) => (JsonObject)JsonNode.Parse(
        $$$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","namespace":"n","labels":{"x":"y"}},"spec":{{{spec}}}}""")!;
}
