using System.Text.Json.Nodes;
using Fleet.ClusterManager.Components;
using Fleet.Contracts.Components;
using static Fleet.ClusterManager.Tests.Components.ComponentExamples;

namespace Fleet.ClusterManager.Tests.Components;

public class ComponentListTests
{
    [Fact]
    public void The_manager_comes_first_then_cluster_api_then_what_is_named()
    {
        var all = ComponentList.OfManagement(Release, new() { Providers = [new() { Name = Aws, Config = new JsonObject { ["version"] = "v2" } }, new() { Name = "projectsveltos" }] });
        Assert.Equal(["kcm", "capi", Aws, "projectsveltos"], all.Select(component => component.Name));
        Assert.Equal(["fleet-1", "capi-1", "aws-1", "sveltos-1"], all.Select(component => component.Template));
        Assert.Equal(["", "kcm", "capi", "capi"], all.Select(component => string.Join(',', component.After)));
        Assert.Equal("""{"version":"v2"}""", all[2].Values.ToJsonString());
        // Sveltos expects a namespace of its own.
        Assert.Equal([null, null, null, "projectsveltos"], all.Select(component => component.Namespace));
    }

    [Fact]
    public void No_provider_is_enabled_that_is_not_named() => Assert.Equal(["kcm", "capi"], ComponentList.OfManagement(Release, new()).Select(component => component.Name));

    [Fact]
    public void A_template_of_the_object_wins_over_the_release()
    {
        var all = ComponentList.OfManagement(
            Release, new() { Core = new() { Capi = new() { Template = "mine" } }, Providers = [new() { Name = "own", Template = "own-1" }, new() { Name = Aws, Template = "aws-2" }] });
        Assert.Equal(["fleet-1", "mine", "own-1", "aws-2"], all.Select(component => component.Template));
        Assert.All(all, component => Assert.Null(component.Problem));
    }

    [Fact]
    public void A_provider_that_the_release_does_not_have_is_a_problem_of_its_own()
    {
        var unknown = ComponentList.OfManagement(Release, new() { Providers = [new() { Name = "moon" }] })[2];
        Assert.Equal("Release fleet-1 has no provider moon, and spec.providers names no template for it", unknown.Problem);
    }

    [Fact]
    public void A_region_gets_what_the_release_has_for_regions_instead_of_the_manager()
    {
        Assert.Equal(["capi"], ComponentList.OfRegion(Release, null, null).Select(component => component.Name));
        var release = new Kubernetes.Objects.CustomResource<Contracts.Releases.ReleaseSpec, Contracts.Releases.ReleaseStatus>
        {
            Metadata = new() { Name = "older", Annotations = new() { ["k0rdent.mirantis.com/kcm-regional-template"] = "regional-1" } }, Spec = Release.Spec,
        };
        Assert.Equal([("kcm-regional", "regional-1"), ("capi", "capi-1")], ComponentList.OfRegion(release, null, []).Select(component => (component.Name, component.Template!)));
    }

    [Fact]
    public void Config_that_is_no_object_counts_as_none() =>
        Assert.Empty(ComponentList.OfManagement(Release, new() { Core = new() { Capi = new Component { Config = JsonValue.Create("text") } } })[1].Values);
}
