using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.MultiClusterServices;
using ServiceSet = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Services.ServiceSetSpec, Fleet.Contracts.Services.ServiceSetStatus>;

namespace Fleet.StateManager.Tests.MultiClusterServices;

/// <summary>Group 16 of upstream's behaviour, as plans and conditions.</summary>
public class MultiClusterPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_cluster_that_is_found_gets_a_set_of_its_own()
    {
        var plan = MultiClusterPlanner.Plan(Facts([Target("one"), Target("two")]));
        Assert.True(plan.AddFinalizer);
        Assert.Equal(["one-" + Hash, "two-" + Hash], plan.Targets.Select(target => target.Name));
        var spec = plan.Targets[0].Write!;
        Assert.Equal(("one", "ingress", "ksm-projectsveltos", "nginx"), (spec.Cluster, spec.MultiClusterService, spec.Provider.Name, spec.Services!.Single().Name));
        Assert.Equal(100, (int)spec.Provider.Config!["priority"]!);
    }

    [Fact]
    public void A_set_that_is_as_wanted_is_left_alone_and_deployed_when_its_state_says_so()
    {
        var facts = Facts([Target("one") with { Set = SetOf("one") }]);
        var plan = MultiClusterPlanner.Plan(facts);
        Assert.Null(plan.Targets[0].Write);
        Assert.Equal((true, "1/1"), (Clusters(facts, plan)[0].Deployed, Message(facts, plan, MultiClusterServiceConditions.ClusterInReadyState)));
        Assert.Equal(ConditionStatus.True, Ready(facts, plan).Status);
    }

    [Fact]
    public void The_management_cluster_is_a_target_without_a_ClusterDeployment()
    {
        var target = Target("x") with { Cluster = SelectableCluster.Management("kcm-system") };
        var facts = Facts([target], provider: new() { SelfManagement = true });
        var plan = MultiClusterPlanner.Plan(facts);
        Assert.Equal("management-" + Hash, plan.Targets[0].Name);
        var spec = plan.Targets[0].Write!;
        Assert.Equal(("", true), (spec.Cluster, spec.Provider.SelfManagement));
        var set = new ServiceSet { Metadata = new() { Name = "management-" + Hash, Namespace = "kcm-system" }, Spec = spec };
        Assert.Equal(target.Cluster.Key, StateManager.ServiceSets.ServiceSetIndex.ClusterOf(set));
        Assert.Equal(("SveltosCluster", "mgmt", "mgmt"), Clusters(facts, plan) is [var cluster] ? (cluster.Kind, cluster.Namespace, cluster.Name) : default);
        // Those of the clusters that the selector finds have nothing of it.
        Assert.Null(MultiClusterPlanner.Plan(Facts([Target("one")], provider: new() { SelfManagement = true })).Targets[0].Write!.Provider.SelfManagement);
        var off = Assert.Single(MultiClusterPlanner.Plan(Facts([], [new(set, ClusterExists: true, ClusterIsGoing: false)], keep: true)).Removals);
        Assert.Equal("MultiClusterService ingress does not say selfManagement any more", off.Reason);
    }

    [Fact]
    public void Only_administrators_may_mean_the_management_cluster()
    {
        Assert.False(Row("ingress").IsForManagement);
        var own = Facts([], provider: new() { SelfManagement = true }) is var facts ? facts with { Self = facts.Self with { Kind = FleetKinds.NamespacedMultiClusterServices.Kind } } : null!;
        Assert.False(own.Self.IsForManagement);
        Assert.StartsWith(
            "provider.selfManagement: only a MultiClusterService", Message(own, MultiClusterPlanner.Plan(own), MultiClusterServiceConditions.ServicesReferencesValidation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServiceStates.Provisioning, 1, "Progressing", "default/nginx: Provisioning", "Progressing")]
    [InlineData(ServiceStates.Failed, 1, "Failed", "default/nginx: helm said no", "Failed")]
    [InlineData(ServiceStates.Deployed, 0, "Progressing", "the services have not been looked at yet", "Progressing")]
    public void What_keeps_a_cluster_is_told(string state, long observed, string reason, string message, string ready)
    {
        var facts = Facts([Target("one") with { Set = SetOf("one", state, observed) }]);
        var plan = MultiClusterPlanner.Plan(facts);
        var cluster = Assert.Single(Clusters(facts, plan));
        Assert.Equal((false, reason, message), (cluster.Deployed, cluster.Reason, cluster.Message));
        Assert.Equal((ConditionStatus.False, ready), (Ready(facts, plan).Status, Ready(facts, plan).Reason.Value));
    }

    [Fact]
    public void A_cluster_that_left_the_selection_loses_its_services_unless_they_are_to_be_kept()
    {
        var stray = new StrayFacts(SetOf("old"), ClusterExists: true, ClusterIsGoing: false);
        var removal = Assert.Single(MultiClusterPlanner.Plan(Facts([], [stray])).Removals);
        Assert.Equal((false, "the selector of MultiClusterService ingress does not find cluster team/old any more"), (removal.Leave, removal.Reason));
        Assert.Empty(MultiClusterPlanner.Plan(Facts([], [stray], keep: true)).Removals);
        var leaving = Facts([], [stray], provider: new() { Config = new JsonObject { ["stopMatchingBehavior"] = "LeavePolicies" } });
        Assert.True(Assert.Single(MultiClusterPlanner.Plan(leaving).Removals).Leave);
    }

    [Fact]
    public void A_set_whose_cluster_is_gone_goes_even_when_services_are_kept_and_one_that_is_going_is_left_to_who_deletes_it()
    {
        Assert.Single(MultiClusterPlanner.Plan(Facts([], [new(SetOf("gone"), ClusterExists: false, ClusterIsGoing: false)], keep: true)).Removals);
        Assert.Empty(MultiClusterPlanner.Plan(Facts([], [new(SetOf("going"), ClusterExists: true, ClusterIsGoing: true)])).Removals);
    }

    [Fact]
    public void While_it_waits_for_another_what_is_there_stays_and_nothing_new_comes()
    {
        var facts = Facts([Target("one") with { BlockedBy = ["base"] }, Target("two") with { BlockedBy = ["base"], Set = SetOf("two") }]);
        var plan = MultiClusterPlanner.Plan(facts);
        Assert.All(plan.Targets, target => Assert.Null(target.Write));
        Assert.Equal("2 clusters wait for base: team/one, team/two", Message(facts, plan, MultiClusterServiceConditions.DependencyReady));
        Assert.All(Clusters(facts, plan), cluster => Assert.Equal("MultiClusterServiceDependencyNotReady", cluster.Reason));
    }

    [Fact]
    public void A_long_list_of_clusters_is_cut()
    {
        var facts = Facts([.. Enumerable.Range(1, 9).Select(number => Target($"c{number}") with { BlockedBy = ["base"] })]);
        Assert.Equal("9 clusters wait for base: team/c1, team/c2, team/c3 and 6 more", Message(facts, MultiClusterPlanner.Plan(facts), MultiClusterServiceConditions.DependencyReady));
    }

    [Fact]
    public void Deleting_removes_the_sets_and_ends_when_none_is_left()
    {
        var facts = Facts([], [new(SetOf("one"), true, false)]) with { };
        facts.Self.Metadata.DeletionTimestamp = Now;
        facts.Self.Metadata.Finalizers = [FleetFinalizers.MultiClusterService];
        var plan = MultiClusterPlanner.Plan(facts);
        Assert.Equal((1, false), (plan.Removals.Count, plan.RemoveFinalizer));
        Assert.Equal("waits for ServiceSet team/one-" + Hash, Message(facts, plan, SharedConditions.Deleting));
        Assert.True(MultiClusterPlanner.Plan(facts with { Strays = [] }).RemoveFinalizer);
    }

    [Fact]
    public void A_template_that_is_missing_or_invalid_is_named_with_its_clusters()
    {
        var facts = Facts([Target("one") with { Templates = new Dictionary<string, TemplateFacts>() }, Target("two") with { Templates = new Dictionary<string, TemplateFacts> { ["nginx-1"] = new(new(), false, "no chart") } }]);
        Assert.Equal(
            "ServiceTemplate nginx-1 does not exist (for team/one); ServiceTemplate nginx-1 is not valid: no chart (for team/two)",
            Message(facts, MultiClusterPlanner.Plan(facts), MultiClusterServiceConditions.ServicesReferencesValidation));
    }

    [Fact]
    public void No_cluster_is_said()
    {
        var facts = Facts([]);
        var ready = Ready(facts, MultiClusterPlanner.Plan(facts));
        Assert.Equal((ConditionStatus.True, "No cluster has the labels of the selector"), (ready.Status, ready.Message));
    }

    [Fact]
    public void Dependencies_that_are_missing_or_circular_hold_everything_back()
    {
        MultiClusterRow[] all = [Row("a", "b"), Row("b", "c"), Row("c", "a"), Row("d", "gone")];
        Assert.Equal(["they wait for each other: a → b → c → a"], MultiClusterDependencies.Problems(all[0], all));
        Assert.Equal(["MultiClusterService gone, which it depends on, does not exist"], MultiClusterDependencies.Problems(all[3], all));
        var facts = Facts([Target("one")]) with { DependencyProblems = ["x"] };
        Assert.Null(MultiClusterPlanner.Plan(facts).Targets[0].Write);
        Assert.Equal("x", Message(facts, MultiClusterPlanner.Plan(facts), MultiClusterServiceConditions.DependencyValidation));
    }

    [Fact]
    public void What_is_depended_on_counts_per_cluster_and_only_where_its_selector_leads()
    {
        var self = Row("ingress");
        var cluster = Target("one").Cluster;
        Assert.True(MultiClusterDependencies.IsDeployed(self, cluster, SetOf("one")));
        Assert.False(MultiClusterDependencies.IsDeployed(self, cluster, null));
        Assert.False(MultiClusterDependencies.IsDeployed(self, cluster, SetOf("one", ServiceStates.Provisioning)));
        Assert.False(MultiClusterDependencies.IsDeployed(self, cluster, SetOf("one", observed: 0)));
        Assert.True(MultiClusterDependencies.IsDeployed(self, cluster with { Labels = new Dictionary<string, string> { ["env"] = "dev" } }, null));
    }

    [Fact]
    public void Names_of_both_kinds_never_meet()
    {
        Assert.Equal(ServiceSetNames.Of("one", new("", "x")), ServiceSetNames.Of("one", ObjectKey.Cluster("x")));
        Assert.NotEqual(ServiceSetNames.Of("one", ObjectKey.Cluster("x")), ServiceSetNames.Of("one", new("team", "x")));
        Assert.Matches("^one-[0-9a-f]{8}$", ServiceSetNames.Of("one", new("team", "x")));
    }

    private static string Hash => ServiceSetNames.Of("", ObjectKey.Cluster("ingress"))[1..];

    private static MultiClusterFacts Facts(IReadOnlyList<TargetFacts> targets, IReadOnlyList<StrayFacts>? strays = null, bool? keep = null, ServiceProviderSpec? provider = null)
    {
        var row = Row("ingress");
        row.Spec.KeepServicesOnSelectorMismatch = keep;
        row.Spec.ServiceSpec!.Provider = provider;
        return new() { Self = row, Targets = targets, Strays = strays ?? [] };
    }

    private static MultiClusterRow Row(string name, params string[] dependsOn) => new(
        FleetKinds.MultiClusterServices.Kind,
        new() { Name = name, Uid = "uid-" + name, Generation = 1 },
        new MultiClusterServiceSpec
        {
            ClusterSelector = new() { MatchLabels = new() { ["env"] = "prod" } },
            DependsOn = [.. dependsOn],
            ServiceSpec = new() { Priority = 100, Services = [new() { Name = "nginx", Template = "nginx-1" }] },
        },
        null);

    private static TargetFacts Target(string name) => new()
    {
        Cluster = new(new("team", name), "uid-of-" + name, new Dictionary<string, string> { ["env"] = "prod" }, false, false),
        Templates = new Dictionary<string, TemplateFacts> { ["nginx-1"] = new(new() { Version = "1.0.0" }, true, null) },
        Chains = new Dictionary<string, UpgradeGraph>(),
    };

    private static ServiceSet SetOf(string cluster, string state = ServiceStates.Deployed, long observed = 1)
    {
        var spec = MultiClusterPlanner.Plan(Facts([Target(cluster)])).Targets[0].Write!;
        return new()
        {
            Metadata = new() { Name = $"{cluster}-{Hash}", Namespace = "team", Uid = "set", Generation = 1 },
            Spec = spec,
            Status = new()
            {
                ObservedGeneration = observed,
                Services = [new() { Name = "nginx", Namespace = "default", Template = "nginx-1", Version = "1.0.0", State = state, FailureMessage = state == ServiceStates.Failed ? "helm said no" : null }],
            },
        };
    }

    private static IReadOnlyList<MatchingCluster> Clusters(MultiClusterFacts facts, MultiClusterPlan plan) => MultiClusterStatusFrom.Clusters(facts, plan, Now);

    private static Condition Find(MultiClusterFacts facts, MultiClusterPlan plan, ConditionType type) =>
        MultiClusterConditionsFrom.All(facts, plan, Clusters(facts, plan), new Dictionary<ObjectKey, string>()).Single(condition => condition.Type == type);

    private static Condition Ready(MultiClusterFacts facts, MultiClusterPlan plan) => Find(facts, plan, SharedConditions.Ready);

    private static string Message(MultiClusterFacts facts, MultiClusterPlan plan, ConditionType type) => Find(facts, plan, type).Message;
}
