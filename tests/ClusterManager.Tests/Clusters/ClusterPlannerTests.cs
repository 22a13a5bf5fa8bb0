using System.Text.Json.Nodes;
using Fleet.Helm.Releases;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Releases;
using Fleet.Contracts.Services;
using static Fleet.ClusterManager.Tests.Clusters.ClusterExamples;

namespace Fleet.ClusterManager.Tests.Clusters;

public class ClusterPlannerTests
{
    [Fact]
    public void A_new_cluster_is_installed()
    {
        var plan = ClusterPlanner.Plan(Facts(), Options, Noon);
        Assert.Equal((ReleaseStep.Upgrade, Recovery.None), (plan.Release, plan.Recovery));
        Assert.Equal(plan.Fingerprint, plan.Options.Labels[ReleaseRecords.FingerprintLabel]);
    }

    [Fact]
    public void A_steady_cluster_needs_no_helm()
    {
        var facts = Installed(Facts());
        Assert.Equal(ReleaseStep.Keep, ClusterPlanner.Plan(facts, Options, Noon).Release);
    }

    [Fact]
    public void A_release_whose_installation_was_cut_off_before_the_labels_is_labelled()
    {
        var facts = Installed(Facts());
        var cluster = facts.Capi ?? new() { Key = facts.Key };
        var plan = ClusterPlanner.Plan(facts with { Capi = cluster with { IsLabelled = false } }, Options, Noon);
        Assert.Equal((ReleaseStep.Keep, true), (plan.Release, plan.LabelAgain));
        Assert.False(ClusterPlanner.Plan(facts with { Capi = cluster }, Options, Noon).LabelAgain);
    }

    [Fact]
    public void A_changed_config_is_an_upgrade()
    {
        var facts = Installed(Facts());
        facts.Object.Spec.Config = new JsonObject { ["workersNumber"] = 5 };
        Assert.Equal(ReleaseStep.Upgrade, ClusterPlanner.Plan(facts, Options, Noon).Release);
    }

    [Fact]
    public void A_provider_that_needs_a_credential_waits_until_one_is_named()
    {
        var facts = Facts(Cluster(cluster => cluster.Spec.Credential = null)) with { Credential = null };
        var plan = ClusterPlanner.Plan(facts, Options, Noon);
        Assert.Equal((ReleaseStep.Hold, "spec.credential"), (plan.Release, plan.HeldBy));
    }

    [Fact]
    public void A_failed_release_is_tried_again_although_nothing_has_changed()
    {
        var facts = Installed(Facts());
        Assert.Equal(ReleaseStep.Upgrade, ClusterPlanner.Plan(facts with { Release = facts.Release! with { Status = "failed" } }, Options, Noon).Release);
    }

    [Fact]
    public void An_install_that_was_killed_is_recovered_first()
    {
        var plan = ClusterPlanner.Plan(Facts() with { Release = new(1, "pending-install", null) }, Options, Noon);
        Assert.Equal((ReleaseStep.Upgrade, Recovery.GoBack), (plan.Release, plan.Recovery));
    }

    [Theory]
    [InlineData("pending-install")]
    [InlineData("pending-upgrade")]
    public void What_was_cut_off_and_is_still_wanted_is_made_again_and_not_taken_back_first(string status)
    {
        var facts = Installed(Facts());
        var plan = ClusterPlanner.Plan(facts with { Release = facts.Release! with { Revision = 2, Status = status } }, Options, Noon);
        Assert.Equal((ReleaseStep.Upgrade, Recovery.Repeat), (plan.Release, plan.Recovery));

        facts.Object.Spec.Config = new JsonObject { ["workersNumber"] = 5 };
        plan = ClusterPlanner.Plan(facts with { Release = facts.Release! with { Revision = 2, Status = status } }, Options, Noon);
        Assert.Equal((ReleaseStep.Upgrade, Recovery.GoBack), (plan.Release, plan.Recovery));
    }

    [Fact]
    public void Nothing_is_installed_before_template_and_credential_are_there()
    {
        Assert.Equal(ReleaseStep.Hold, ClusterPlanner.Plan(Facts() with { Template = null, Chart = null }, Options, Noon).Release);
        Assert.Equal((ReleaseStep.Hold, "Credential aws"), Held(Facts() with { Credential = null }));
        var notReady = Facts();
        notReady.Credential!.Status!.Ready = false;
        Assert.Equal((ReleaseStep.Hold, "Credential aws"), Held(notReady));
    }

    [Fact]
    public void A_cluster_that_exists_is_still_upgraded_when_its_credential_is_not_ready()
    {
        var facts = Facts() with { Release = new(1, "deployed", "old") };
        facts.Credential!.Status!.Ready = false;
        Assert.Equal(ReleaseStep.Upgrade, ClusterPlanner.Plan(facts, Options, Noon).Release);
    }

    [Fact]
    public void A_dry_run_creates_nothing()
    {
        var plan = ClusterPlanner.Plan(
            Facts(Cluster(cluster =>
            {
                cluster.Spec.DryRun = true;
                cluster.Spec.ServiceSpec = new() { Services = [Service("nginx")] };
            })),
            Options, Noon);
        Assert.Equal(ReleaseStep.Check, plan.Release);
        Assert.Null(plan.ServiceSet);
        Assert.False(plan.PublishKubeconfig);
    }

    [Fact]
    public void Services_are_placed_although_the_cluster_can_not_be_made()
    {
        var facts = Facts(Cluster(cluster => cluster.Spec.ServiceSpec = new() { Services = [Service("nginx")] })) with { Template = null, Chart = null };
        Assert.Equal("nginx", Assert.Single(ClusterPlanner.Plan(facts, Options, Noon).ServiceSet!.Services!).Name);
    }

    [Fact]
    public void A_service_set_that_is_as_wanted_is_not_written_again()
    {
        var facts = Facts(Cluster(cluster => cluster.Spec.ServiceSpec = new() { Services = [Service("nginx")] }));
        var set = new ServiceSet { Metadata = new() { Name = "web", Namespace = "org" }, Spec = ClusterPlanner.Plan(facts, Options, Noon).ServiceSet! };
        Assert.Null(ClusterPlanner.Plan(facts with { ServiceSets = [set] }, Options, Noon).ServiceSet);
        facts.Object.Spec.ServiceSpec!.Services = [];
        Assert.Empty(ClusterPlanner.Plan(facts with { ServiceSets = [set] }, Options, Noon).ServiceSet!.Services!);
    }

    [Fact]
    public void No_service_set_is_made_for_no_services() => Assert.Null(ClusterPlanner.Plan(Facts(), Options, Noon).ServiceSet);

    [Fact]
    public void The_kubeconfig_of_an_adopted_cluster_is_put_where_every_cluster_has_it()
    {
        var facts = Facts();
        facts.Template!.Status!.Providers = ["infrastructure-internal"];
        Assert.True(ClusterPlanner.Plan(facts, Options, Noon).PublishKubeconfig);
    }

    [Fact]
    public void The_spec_is_never_changed()
    {
        var facts = Facts(Cluster(cluster =>
        {
            cluster.Spec.Config = new JsonObject { ["region"] = "eu" };
            cluster.Spec.ServiceSpec = new ServiceSpec { Services = [Service("nginx")], Priority = 7 };
        }));
        var before = System.Text.Json.JsonSerializer.Serialize(facts.Object.Spec, Contracts.ContractsJson.Default.ClusterDeploymentSpec);
        ClusterPlanner.Plan(facts, Options, Noon);
        Assert.Equal(before, System.Text.Json.JsonSerializer.Serialize(facts.Object.Spec, Contracts.ContractsJson.Default.ClusterDeploymentSpec));
    }

    private static (ReleaseStep, string) Held(ClusterFacts facts)
    {
        var plan = ClusterPlanner.Plan(facts, Options, Noon);
        return (plan.Release, plan.HeldBy);
    }
}
