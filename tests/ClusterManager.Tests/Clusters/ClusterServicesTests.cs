using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.Contracts.References;
using Fleet.Contracts.Services;
using static Fleet.ClusterManager.Tests.Clusters.ClusterExamples;

namespace Fleet.ClusterManager.Tests.Clusters;

public class ClusterServicesTests
{
    private static readonly ObjectReference Identity = new() { ApiVersion = "x/v1", Kind = "AWSClusterStaticIdentity", Name = "id" };

    [Fact]
    public void Disabled_services_are_left_out_and_namespaces_are_filled_in()
    {
        var cluster = Cluster(c => c.Spec.ServiceSpec = new()
        {
            Services = [Service("a"), new() { Name = "b", Template = "t" }, new() { Name = "c", Template = "t", Disable = true }],
        });
        Assert.Equal([("apps", "a"), ("default", "b")], Spec(cluster, null).Services!.Select(s => (s.Namespace, s.Name)));
    }

    [Fact]
    public void Deprecated_settings_become_those_of_the_default_provider()
    {
        var cluster = Cluster(c => c.Spec.ServiceSpec = new() { Priority = 7, StopOnConflict = true });
        var provider = Spec(cluster, null).Provider;
        Assert.Equal(("ksm-projectsveltos", """{"priority":7,"stopOnConflict":true}"""), (provider.Name, provider.Config!.ToJsonString()));
    }

    [Fact]
    public void A_name_alone_means_no_settings()
    {
        var cluster = Cluster(c => c.Spec.ServiceSpec = new() { Priority = 7, Provider = new() { Name = "mine" } });
        var provider = Spec(cluster, Identity).Provider;
        Assert.Equal("mine", provider.Name);
        Assert.Null(provider.Config);
    }

    [Fact]
    public void The_credential_is_handed_on_unless_the_user_says_no()
    {
        var config = Spec(Cluster(), Identity).Provider.Config!.ToJsonString();
        Assert.Contains("InfrastructureProviderIdentitySecret", config, StringComparison.Ordinal);
        Assert.Contains("id-resource-template", config, StringComparison.Ordinal);
        var none = Spec(Cluster(c => c.Spec.PropagateCredentials = false), Identity).Provider.Config!.ToJsonString();
        Assert.DoesNotContain("id-", none, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_the_provider_keep_what_they_say_and_get_the_credential()
    {
        var cluster = Cluster(c => c.Spec.ServiceSpec = new() { Provider = new() { Config = JsonNode.Parse("""{"priority":5,"policyRefs":[{"kind":"Secret","name":"mine"}]}""") } });
        var config = Spec(cluster, Identity).Provider.Config!;
        Assert.Equal((5, "mine", "id-resource-template"), ((int)config["priority"]!, (string?)config["policyRefs"]![0]!["name"], (string?)config["policyRefs"]![1]!["name"]));
        Assert.Single((JsonArray)cluster.Spec.ServiceSpec!.Provider!.Config!["policyRefs"]!);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    public void A_set_without_services_is_of_use_when_it_brings_manifests(bool hasOwn, bool hasTemplate, bool expected)
    {
        var cluster = Cluster(c => c.Spec.ServiceSpec = new() { PolicyRefs = hasOwn ? [new() { Kind = "ConfigMap", Name = "mine" }] : null });
        Assert.Equal(expected, ClusterServices.BringsManifests(Spec(cluster, Identity), Identity, "default", hasTemplate));
    }

    [Fact]
    public void A_set_that_has_not_seen_its_new_spec_counts_for_nothing()
    {
        var set = Set("web", ("a", "Deployed"));
        Assert.Equal((1, 1), ClusterServices.Count(Cluster(), [set]));
        set.Metadata.Generation = 2;
        Assert.Equal((0, 1), ClusterServices.Count(Cluster(), [set]));
    }

    [Fact]
    public void Sets_of_other_sources_count_as_well() =>
        Assert.Equal((2, 3), ClusterServices.Count(Cluster(), [Set("web", ("a", "Deployed"), ("b", "Pending")), Set("web-1", ("c", "Deployed"))]));

    [Fact]
    public void A_service_whose_time_has_not_come_is_told_as_pending_since_it_began_to_wait()
    {
        var began = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        var cluster = Cluster(c => c.Spec.ServiceSpec = new() { Services = [Service("a"), Service("b") with { DependsOn = [new() { Name = "a", Namespace = "apps" }] }] });
        var facts = new ClusterFacts { Object = cluster, Services = ServicePlacementFacts.None with { IsOrdered = true } };
        var placement = ClusterServices.Placement(cluster, null, facts.Services);
        Assert.Equal("a", Assert.Single(Spec(cluster, null).Services!).Name);
        var state = Assert.Single(ClusterServices.States(facts, placement, began)!);
        Assert.Equal(("b", "Pending", "waits for dependency apps/a: changes now", began), (state.Name, state.State, state.FailureMessage, state.LastStateTransitionTime));
        cluster.Status = new() { Services = [state] };
        Assert.Equal(began, Assert.Single(ClusterServices.States(facts, placement, began.AddHours(1))!).LastStateTransitionTime);
    }

    private static ServiceSetSpec Spec(ClusterDeployment cluster, ObjectReference? identity) =>
        ClusterServices.Spec(cluster, identity, ClusterServices.Placement(cluster, null, ServicePlacementFacts.None));
}
