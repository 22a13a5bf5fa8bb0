using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Phases;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Helm.Errors;
using Fleet.Testing.Time;
using static Fleet.ClusterManager.Tests.Clusters.ClusterExamples;

namespace Fleet.ClusterManager.Tests.Clusters;

public class ClusterConditionsTests
{
    private static ConditionSet Conditions(ClusterFacts facts, ClusterResults? results = null, PhaseWatch? phases = null) => new(
        ClusterConditionsFrom.All(facts, ClusterPlanner.Plan(facts, Options, Noon), results ?? AllWell, null, Noon, phases ?? new PhaseWatch(new ManualTimeProvider(Noon), new())));

    private static Condition Ready(ClusterFacts facts, ClusterResults? results = null) => Conditions(facts, results).Find(SharedConditions.Ready)!;

    [Fact]
    public void All_well_is_ready()
    {
        var conditions = Conditions(Installed(Facts()));
        Assert.All(conditions, condition => Assert.Equal(ConditionStatus.True, condition.Status));
        Assert.Equal("Object is ready", conditions.Find(SharedConditions.Ready)!.Message);
        Assert.All(conditions, condition => Assert.Equal(3, condition.ObservedGeneration));
        Assert.All(conditions, condition => Assert.Contains(condition.Type, ClusterConditionsFrom.Owned));
    }

    [Fact]
    public void A_missing_template_is_named() =>
        Assert.Contains("ClusterTemplate aws-1 not found", Ready(Facts() with { Template = null, Chart = null }).Message, StringComparison.Ordinal);

    [Fact]
    public void An_invalid_template_says_why()
    {
        var facts = Facts() with { Chart = null };
        facts.Template!.Status!.Valid = false;
        facts.Template.Status.ValidationError = "no such chart";
        Assert.Equal(
            "ClusterTemplate kcm-system/aws-1 is not marked as valid: no such chart",
            Conditions(facts).Find(ClusterDeploymentConditions.TemplateReady)!.Message);
    }

    [Fact]
    public void An_identity_kind_that_the_provider_does_not_take_is_refused()
    {
        var facts = Facts();
        facts.Credential!.Spec.IdentityRef.Kind = "AzureClusterIdentity";
        Assert.Equal(
            "provider infrastructure-aws does not support ClusterIdentity Kind AzureClusterIdentity from the Credential aws",
            Conditions(facts).Find(ClusterDeploymentConditions.CredentialReady)!.Message);
    }

    [Fact]
    public void The_real_blocker_of_capi_is_named_and_counts_as_progress()
    {
        var capi = ReadyCapi with
        {
            Conditions = [new("InfrastructureReady", ConditionStatus.False, "Creating", ""), new("ControlPlaneInitialized", ConditionStatus.False, "", "")],
            Blockers = [new("AWSCluster", new("org", "web"), "creating the VPC")],
        };
        var ready = Ready(Installed(Facts() with { Capi = capi, Kubeconfig = null }), new());
        Assert.Equal((ConditionStatus.False, Reason.Progressing), (ready.Status, ready.Reason));
        Assert.Contains("AWSCluster web: creating the VPC", ready.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_half_an_hour_it_is_a_failure_and_a_later_success_turns_it_back()
    {
        var clock = new ManualTimeProvider(Noon);
        var phases = new PhaseWatch(clock, new());
        var capi = ReadyCapi with { Conditions = [new("InfrastructureReady", ConditionStatus.False, "Creating", "slow"), new("ControlPlaneInitialized", ConditionStatus.False, "", "")] };
        var facts = Installed(Facts() with { Capi = capi });
        Conditions(facts, phases: phases);
        clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(Reason.Progressing, Conditions(facts, phases: phases).Find(SharedConditions.Ready)!.Reason);
        Assert.Equal(("Infrastructure", Noon, Noon.AddMinutes(30)), (phases.Progress!.Phase, phases.Progress.Since, phases.Progress.Deadline));
        clock.Advance(TimeSpan.FromMinutes(1));
        var late = Conditions(facts, phases: phases).Find(SharedConditions.Ready)!;
        Assert.Equal(Reason.Failed, late.Reason);
        Assert.StartsWith("Cluster is not ready. Check the provider logs for more details.\n", late.Message, StringComparison.Ordinal);

        Assert.Equal(ConditionStatus.True, Conditions(Installed(Facts()), phases: phases).Find(SharedConditions.Ready)!.Status);
        Assert.Null(phases.Progress);
        // The next trouble has its own half hour.
        Assert.Equal(Reason.Progressing, Conditions(facts, phases: phases).Find(SharedConditions.Ready)!.Reason);
    }

    [Fact]
    public void A_phase_has_its_own_time_by_annotation()
    {
        var clock = new ManualTimeProvider(Noon);
        var phases = new PhaseWatch(clock, new());
        var cluster = Cluster(c => c.Metadata.Annotations = new() { ["k0rdent.mirantis.com/deadline-workers"] = "5m" });
        var facts = Installed(Facts(cluster) with { Capi = ReadyCapi with { WantedNodes = 3 } });
        Assert.Equal(Reason.Progressing, Conditions(facts, phases: phases).Find(SharedConditions.Ready)!.Reason);
        Assert.Equal("Workers", phases.Progress!.Phase);
        clock.Advance(TimeSpan.FromMinutes(5));
        var nodes = Conditions(facts, phases: phases).Find(ClusterDeploymentConditions.NodesReady)!;
        Assert.Equal((Reason.Failed, "Workers takes longer than 5 min: 1/3 nodes are Ready; 2 have not joined"), (nodes.Reason, nodes.Message));
    }

    [Fact]
    public void Services_that_take_too_long_have_failed_and_keep_their_count()
    {
        var clock = new ManualTimeProvider(Noon);
        var phases = new PhaseWatch(clock, new() { Services = TimeSpan.FromMinutes(5) });
        var facts = Installed(Facts(Cluster(c => c.Spec.ServiceSpec = new() { Services = [Service("a")] })));
        Conditions(facts, phases: phases);
        clock.Advance(TimeSpan.FromDays(1));
        var conditions = Conditions(facts, phases: phases);
        Assert.Equal((Reason.Failed, "0/1"), (conditions.Find(ClusterDeploymentConditions.ServicesInReadyState)!.Reason, conditions.Find(ClusterDeploymentConditions.ServicesInReadyState)!.Message));
        Assert.Equal(ConditionStatus.True, conditions.Find(SharedConditions.Ready)!.Status);
    }

    [Fact]
    public void No_conditions_of_capi_are_no_success() =>
        Assert.Equal(
            ConditionStatus.Unknown,
            Conditions(Installed(Facts() with { Capi = ReadyCapi with { Conditions = [] } })).Find(ClusterDeploymentConditions.CapiClusterSummary)!.Status);

    [Fact]
    public void A_cluster_that_was_there_and_is_gone_is_missing()
    {
        var cluster = Cluster(c => c.Status = new() { Conditions = [Condition.True(ClusterDeploymentConditions.CapiClusterSummary, Reason.Succeeded)] });
        var condition = Conditions(Installed(Facts(cluster) with { Capi = null })).Find(ClusterDeploymentConditions.CapiClusterSummary)!;
        Assert.Equal(ClusterDeploymentConditions.CapiClusterMissing, condition.Reason);
    }

    [Fact]
    public void An_unreachable_api_server_is_progress_before_and_failure_after_the_first_answer()
    {
        var lost = new ClusterResults { Contact = Lost("connection refused") };
        Assert.Equal(Reason.Progressing, Conditions(Installed(Facts()), lost).Find(ClusterDeploymentConditions.ClusterReachable)!.Reason);
        var known = Cluster(c => c.Status = new() { Conditions = [Condition.True(ClusterDeploymentConditions.ClusterReachable, Reason.Succeeded)] });
        var condition = Conditions(Installed(Facts(known)), lost).Find(ClusterDeploymentConditions.ClusterReachable)!;
        Assert.Equal(ClusterDeploymentConditions.ProbeFailed, condition.Reason);
        Assert.Equal(Reason.Failed, Ready(Installed(Facts(known)), lost).Reason);
    }

    [Fact]
    public void An_adopted_cluster_with_a_dead_kubeconfig_is_not_ready()
    {
        var facts = Facts() with { Capi = null };
        facts.Template!.Status!.Providers = ["infrastructure-internal"];
        facts.Credential!.Spec.IdentityRef.Kind = "Secret";
        facts = Installed(facts);
        Assert.Equal(ConditionStatus.True, Ready(facts).Status);
        Assert.Null(Conditions(facts).Find(ClusterDeploymentConditions.CapiClusterSummary));
        var dead = Ready(facts, new() { Contact = Lost("no answer within 5 s") });
        Assert.Equal((ConditionStatus.False, Reason.Failed), (dead.Status, dead.Reason));
    }

    [Fact]
    public void Values_that_the_chart_refuses_are_told_at_the_chart_and_not_hidden()
    {
        var failure = new HelmException(HelmErrorKind.ValuesInvalid, "region: must not be empty");
        var conditions = Conditions(Facts(), new() { ReleaseFailure = failure });
        Assert.Equal(
            "failed to validate template with provided configuration: region: must not be empty",
            conditions.Find(ClusterDeploymentConditions.HelmChartReady)!.Message);
        Assert.Equal(ConditionStatus.False, conditions.Find(ClusterDeploymentConditions.HelmReleaseReady)!.Status);
    }

    [Fact]
    public void A_management_api_that_was_away_has_not_failed_anything_until_the_deadline()
    {
        var away = new ClusterResults { ReleaseFailure = new(HelmErrorKind.ClusterUnreachable, "connection refused"), ReleaseRetry = TimeSpan.FromSeconds(5) };
        var clock = new ManualTimeProvider(Noon);
        var phases = new PhaseWatch(clock, new());
        Assert.Equal(Reason.Progressing, Conditions(Facts(), away, phases).Find(ClusterDeploymentConditions.HelmReleaseReady)!.Reason);
        Assert.Equal(Reason.Progressing, Conditions(Facts(), away, phases).Find(SharedConditions.Ready)!.Reason);
        clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(Reason.Failed, Conditions(Facts(), away, phases).Find(ClusterDeploymentConditions.HelmReleaseReady)!.Reason);
    }

    [Fact]
    public void Services_that_are_not_ready_are_a_hint_only()
    {
        var facts = Installed(Facts(Cluster(c => c.Spec.ServiceSpec = new() { Services = [Service("a"), Service("b")] })));
        facts = facts with { ServiceSets = [Set("web", ("a", "Deployed"), ("b", "Failed"))] };
        var conditions = Conditions(facts);
        Assert.Equal("1/2", conditions.Find(ClusterDeploymentConditions.ServicesInReadyState)!.Message);
        Assert.Equal((ConditionStatus.True, "1/2 Services are ready"), (conditions.Find(SharedConditions.Ready)!.Status, conditions.Find(SharedConditions.Ready)!.Message));
    }

    [Fact]
    public void A_service_that_the_cluster_is_too_old_for_is_named_and_makes_nothing_else_unready()
    {
        var facts = Installed(Facts(Cluster(c => c.Spec.ServiceSpec = new() { Services = [Service("a"), Service("b")] })));
        var set = Set("web", ("a", "Deployed"), ("b", "Pending"));
        var held = set.Status!.Services![1];
        held.FailureMessage = "k8s version v1.33.1 does not do";
        held.Conditions = [Condition.False(ServiceStateConditions.KubernetesCompatible, Reason.Failed, held.FailureMessage)];
        var conditions = Conditions(facts with { ServiceSets = [set] });
        var unfit = conditions.Find(ClusterDeploymentConditions.ServicesCompatible)!;
        Assert.Equal((ConditionStatus.False, $"service {held.Namespace}/b is held: k8s version v1.33.1 does not do"), (unfit.Status, unfit.Message));
        Assert.Contains(unfit.Type, ClusterConditionsFrom.Owned);
        Assert.Equal(ConditionStatus.True, conditions.Find(SharedConditions.Ready)!.Status);

        held.Conditions = [];
        Assert.Null(Conditions(facts with { ServiceSets = [set] }).Find(ClusterDeploymentConditions.ServicesCompatible));
    }

    [Fact]
    public void A_dry_run_says_so_and_has_no_conditions_of_what_it_did_not_do()
    {
        var conditions = Conditions(Facts(Cluster(c => c.Spec.DryRun = true)) with { Capi = null, Kubeconfig = null }, new());
        Assert.Null(conditions.Find(ClusterDeploymentConditions.HelmReleaseReady));
        Assert.StartsWith("Dry run", conditions.Find(SharedConditions.Ready)!.Message, StringComparison.Ordinal);
    }

}
