using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Credentials;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Contracts.Regions;
using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;

namespace Fleet.Contracts.Tests.CustomResourceDefinitions;

public class DefinitionTests
{
    private static JsonNode Version(Type spec, int index = 1) => CustomResourceDefinition.Of(spec)["spec"]!["versions"]![index]!;

    private static JsonNode Spec(Type spec) => Version(spec)["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;

    [Fact]
    public void Both_versions_are_served_and_the_newer_is_stored()
    {
        var older = Version(typeof(ClusterDeploymentSpec), 0);
        var newer = Version(typeof(ClusterDeploymentSpec));
        Assert.Equal(("v1alpha1", true, false), ((string?)older["name"], (bool)older["served"]!, (bool)older["storage"]!));
        Assert.Equal(("v1beta1", true, true), ((string?)newer["name"], (bool)newer["served"]!, (bool)newer["storage"]!));
        Assert.True(JsonNode.DeepEquals(older["schema"], newer["schema"]));
        Assert.NotNull(newer["subresources"]!["status"]);
    }

    [Fact]
    public void Cluster_deployments_have_upstreams_names_and_columns()
    {
        var names = CustomResourceDefinition.Of(typeof(ClusterDeploymentSpec))["spec"]!["names"]!;
        Assert.Equal(["clusterd", "cld"], names["shortNames"]!.AsArray().Select(name => (string?)name));
        var columns = Version(typeof(ClusterDeploymentSpec))["additionalPrinterColumns"]!.AsArray();
        Assert.Equal(["Ready", "Services", "Template", "Messages", "Age", "DryRun"], columns.Select(column => (string?)column!["name"]));
        Assert.Equal(1, (int)columns[5]!["priority"]!);
    }

    [Fact]
    public void Required_lengths_and_defaults_are_stated()
    {
        var spec = Spec(typeof(ClusterDeploymentSpec));
        Assert.Equal(["template"], spec["required"]!.AsArray().Select(name => (string?)name));
        Assert.Equal((1, 253), ((int)spec["properties"]!["template"]!["minLength"]!, (int)spec["properties"]!["template"]!["maxLength"]!));
        Assert.True((bool)spec["properties"]!["propagateCredentials"]!["default"]!);
    }

    [Fact]
    public void Free_json_stays_free()
    {
        var config = Spec(typeof(ClusterDeploymentSpec))["properties"]!["config"]!;
        Assert.True((bool)config["x-kubernetes-preserve-unknown-fields"]!);
        Assert.Null(config["type"]);
    }

    [Fact]
    public void Services_are_told_apart_by_name_and_namespace()
    {
        var services = Spec(typeof(ClusterDeploymentSpec))["properties"]!["serviceSpec"]!["properties"]!["services"]!;
        Assert.Equal("map", (string?)services["x-kubernetes-list-type"]);
        Assert.Equal(["name", "namespace"], services["x-kubernetes-list-map-keys"]!.AsArray().Select(key => (string?)key));
        // A key of a list must be required or have a default, or API servers refuse the definition.
        Assert.Equal("default", (string?)services["items"]!["properties"]!["namespace"]!["default"]);
    }

    [Fact]
    public void Rules_say_what_upstreams_say()
    {
        Assert.Equal(
            [("self == oldSelf", "Spec is immutable"), ("!has(self.helm.chartSource)", ".spec.helm.chartSource is not supported for ClusterTemplates")],
            Rules(Spec(typeof(ClusterTemplateSpec))));
        Assert.Contains(
            ("!has(oldSelf.region) || oldSelf.region == '' || (has(self.region) && self.region == oldSelf.region)", "Region is immutable"), Rules(Spec(typeof(CredentialSpec))));
        Assert.Equal(
            [
                ("!(has(self.chartSpec) && has(self.chartRef)) && !(has(self.chartSpec) && has(self.chartSource)) && !(has(self.chartRef) && has(self.chartSource))", "chartSpec, chartSource and chartRef are mutually exclusive"),
                ("[has(self.chartSpec), has(self.chartRef), has(self.chartSource)].exists(x, x)", "one of chartSpec, chartRef or chartSource must be set"),
            ],
            Rules(Spec(typeof(ClusterTemplateSpec))["properties"]!["helm"]!));
        Assert.Equal(
            [("[has(self.kubeConfig), has(self.clusterDeployment)].exists_one(x, x)", "exactly one of kubeConfig or clusterDeployment must be set")],
            Rules(Spec(typeof(RegionSpec))));
    }

    [Fact]
    public void Names_on_the_wire_are_upstreams()
    {
        var options = Spec(typeof(ServiceSetSpec))["properties"]!["services"]!["items"]!["properties"]!["helmOptions"]!["properties"]!;
        Assert.NotNull(options["skipCRDs"]);
        Assert.NotNull(options["disableOpenAPIValidation"]);
        Assert.NotNull(options["upgradeOptions"]!["properties"]!["upgradeCRDs"]);
        Assert.NotNull(Spec(typeof(ClusterDeploymentSpec))["properties"]!["ipamClaim"]!["properties"]!["spec"]!["properties"]!["clusterIPAMRef"]);
    }

    private static List<(string Rule, string Message)> Rules(JsonNode schema) =>
        [.. schema["x-kubernetes-validations"]!.AsArray().Select(rule => ((string)rule!["rule"]!, (string)rule["message"]!))];
}
