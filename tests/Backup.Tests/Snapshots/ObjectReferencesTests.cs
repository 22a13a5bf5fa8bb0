using System.Text.Json.Nodes;
using Fleet.Backup.Snapshots;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Backup.Tests.Snapshots;

/// <summary>What a spec refers to must be in the backup, whoever made it and whatever labels it lacks.</summary>
public sealed class ObjectReferencesTests
{
    [Theory]
    [InlineData("identityRef: {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: AWSClusterStaticIdentity, name: aws, namespace: other}", "AWSClusterStaticIdentity other/aws")]
    [InlineData("serviceSpec: {services: [{valuesFrom: [{kind: Secret, name: values}]}]}", "Secret ns/values")]
    [InlineData("serviceSpec: {services: [{valuesFrom: [{kind: ConfigMap, name: values}]}]}", "ConfigMap ns/values")]
    [InlineData("secretRef: {name: login}", "Secret ns/login")]
    [InlineData("certSecretRef: {name: tls}", "Secret ns/tls")]
    [InlineData("trustedRootSecretRef: {name: roots}", "Secret ns/roots")]
    [InlineData("caSecret: {name: ca, key: ca.crt}", "Secret ns/ca")]
    [InlineData("kubeConfig: {name: region, key: value}", "Secret ns/region")]
    [InlineData("auth: {username: {name: database, namespace: data, key: user}}", "Secret data/database")]
    [InlineData("configMapRef: {name: settings}", "ConfigMap ns/settings")]
    [InlineData("bootstrap: {dataSecretName: machine-1-bootstrap}", "Secret ns/machine-1-bootstrap")]
    [InlineData("policyRefs: [{kind: ConfigMap, name: policies, namespace: shared}]", "ConfigMap shared/policies")]
    [InlineData("templateResourceRefs: [{resource: {apiVersion: v1, kind: Secret, name: token, namespace: shared}, identifier: t}]", "Secret shared/token")]
    [InlineData("secretRef: aws-identity", "Secret ns/aws-identity")]
    [InlineData("infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: SimulatedCluster, name: web}", "SimulatedCluster ns/web")]
    public void Every_shape_of_a_reference_is_found(string spec, string expected) => Assert.Contains(expected, Found(spec).Select(found => found.ToString()));

    [Theory]
    [InlineData("secretRef: {name: '{{ .Cluster.metadata.name }}'}")]
    [InlineData("name: nothing")]
    [InlineData("secretRef: {name: ''}")]
    [InlineData("template: {metadata: {name: pod}}")]
    public void What_is_no_name_of_an_object_is_none(string spec) => Assert.Empty(Found(spec));

    [Fact]
    public void A_cluster_scoped_object_refers_into_the_system_namespace()
    {
        var item = Object("kind: Region\nmetadata: {name: r}\nspec: {kubeConfig: {name: region, key: value}}");
        Assert.Equal("Secret kcm-system/region", Assert.Single(ObjectReferences.Of(item, "kcm-system")).ToString());
    }

    [Fact]
    public void What_is_optional_is_not_missed() => Assert.False(Assert.Single(Found("secretRef: {name: maybe, optional: true}")).Sure);

    [Fact]
    public void Status_and_data_refer_to_nothing() =>
        Assert.Empty(ObjectReferences.Of(Object("metadata: {name: a, namespace: ns}\nstatus: {secretRef: {name: x}}\ndata: {secretName: y}"), "kcm-system"));

    [Fact]
    public void An_object_of_great_depth_ends_the_search_and_not_the_process()
    {
        JsonNode node = new JsonObject { ["secretRef"] = new JsonObject { ["name"] = "deep" } };
        for (var i = 0; i < 200; i++)
            node = new JsonObject { ["a"] = node };
        Assert.Empty(ObjectReferences.Of(new(new JsonObject { ["metadata"] = new JsonObject { ["name"] = "a" }, ["spec"] = node }), "kcm-system"));
    }

    private static List<NamedObject> Found(string spec) =>
        [.. ObjectReferences.Of(Object($"apiVersion: v1\nkind: Any\nmetadata: {{name: a, namespace: ns}}\nspec: {{{spec}}}"), "kcm-system")];

    private static DynamicObject Object(string yaml) => new(KubernetesYaml.Parse(yaml)!.AsObject());
}
