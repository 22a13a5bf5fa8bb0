using Fleet.Contracts.Services;
using Fleet.Control.Health;
using Fleet.Helm.Releases;
using Fleet.StateManager.Health;
using Fleet.StateManager.Policies;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Tests.ServiceSets;

public sealed class ServiceSetPlannerTests
{
    [Theory]
    [InlineData(2, nameof(ServiceAction.Upgrade))]
    [InlineData(3, nameof(ServiceAction.Keep))]
    public void A_service_is_given_up_after_as_many_failures_as_its_provider_says(int failures, string action)
    {
        var failed = Given.Service(Given.Last(ServiceStates.Failed, message: "no such image"), record: new ReleaseRecord(2, ReleaseState.Failed))
            with { Attempts = new(Given.Fingerprint(Given.Source()), failures, Given.Now - TimeSpan.FromSeconds(1)) };
        var set = Given.Set(failed);
        set.Object.Spec.Provider.Config = System.Text.Json.Nodes.JsonNode.Parse("""{"maxConsecutiveFailures":3}""");
        var plan = Assert.Single(ServiceSetPlanner.Plan(set, Given.Now).Services);
        Assert.Equal((action, ServiceStates.Failed), (plan.Action.ToString(), plan.State));
        if (failures == 2)
            return;
        Assert.Equal("no such image; given up after 3 failures in a row, until the service is changed (maxConsecutiveFailures)", plan.Message);
        Assert.Null(plan.CheckAgainAfter);
        // Another content is another try.
        var changed = Given.Set(failed with { Source = Given.Source(digest: "other") });
        changed.Object.Spec.Provider.Config = set.Object.Spec.Provider.Config!.DeepClone();
        Assert.Equal(ServiceAction.Upgrade, Assert.Single(ServiceSetPlanner.Plan(changed, Given.Now).Services).Action);
    }

    [Theory]
    [InlineData(ReleaseState.PendingInstall, true, nameof(Recovery.Repeat))]
    [InlineData(ReleaseState.PendingUpgrade, true, nameof(Recovery.Repeat))]
    [InlineData(ReleaseState.PendingUpgrade, false, nameof(Recovery.GoBack))]
    [InlineData(ReleaseState.PendingRollback, true, nameof(Recovery.GoBack))]
    public void What_was_cut_off_is_made_again_when_it_is_still_wanted(ReleaseState state, bool same, string recovery)
    {
        var source = Given.Source(values: """{"replicaCount":2}""");
        var plan = Plan(Given.InPlace() with { Source = source, Record = new ReleaseRecord(4, state, same ? Given.Fingerprint(source) : "other") });
        Assert.Equal((ServiceAction.Upgrade, recovery), (plan.Action, plan.Recovery.ToString()));
    }

    [Theory]
    [InlineData(true, nameof(ServiceAction.Forget))]
    [InlineData(false, nameof(ServiceAction.Uninstall))]
    public void What_makes_a_credential_known_goes_from_a_cluster_that_stays(bool clusterGoes, string expected)
    {
        var manifests = Given.InPlace() with { Type = ServiceTypes.Resource };
        manifests = manifests with { Last = manifests.Last! with { Template = PolicyRelease.Template, Name = "web-policies", Namespace = "kube-system" } };
        var plan = ServiceSetPlanner.Plan(Given.Set(manifests, deleting: true) with { ClusterGoes = clusterGoes }, Given.Now);
        Assert.Equal(expected, Assert.Single(plan.Services).Action.ToString());
        // Services have had their own turn before, whatever they are made of: a cluster that goes takes them with it only when it can not be reached.
        foreach (var type in (string[])[ServiceTypes.Helm, ServiceTypes.Kustomize, ServiceTypes.Resource])
            Assert.Equal(ServiceAction.Uninstall, Assert.Single(ServiceSetPlanner.Plan(Given.Set(Given.InPlace() with { Type = type }, deleting: true) with { ClusterGoes = clusterGoes }, Given.Now).Services).Action);
    }

    [Fact]
    public void A_new_service_is_installed()
    {
        var plan = Plan(Given.Service());
        Assert.Equal((ServiceAction.Upgrade, ServiceStates.Provisioning, Recovery.None), (plan.Action, plan.State, plan.Recovery));
    }

    [Fact]
    public void What_is_in_place_and_healthy_runs_no_helm()
    {
        var plan = Plan(Given.InPlace());
        Assert.Equal((ServiceAction.Keep, ServiceStates.Deployed, null), (plan.Action, plan.State, plan.CheckAgainAfter));
    }

    [Theory]
    [InlineData(null, ReleaseState.Deployed)]
    [InlineData(4, ReleaseState.Deployed)]
    [InlineData(3, ReleaseState.Failed)]
    [InlineData(3, ReleaseState.Uninstalled)]
    public void A_release_that_somebody_deleted_or_changed_is_installed_again(int? revision, ReleaseState state)
    {
        var plan = Plan(Given.InPlace() with { Record = revision is { } r ? new ReleaseRecord(r, state) : null });
        Assert.Equal(ServiceAction.Upgrade, plan.Action);
    }

    [Theory]
    [InlineData("other@3", 4, "wanted", true)]
    [InlineData(null, 1, "wanted", true)]
    // Somebody has made a revision of it since; helm takes our label along.
    [InlineData("other@3", 5, "wanted", false)]
    [InlineData("wanted@3", 4, "wanted", false)]
    [InlineData(null, 2, "wanted", false)]
    [InlineData("other@3", 4, "other", false)]
    [InlineData("other@3", 4, null, false)]
    public void What_is_made_as_wanted_and_was_not_told_before_the_end_is_not_made_again(string? told, int revision, string? label, bool stands)
    {
        var source = Given.Source();
        string? Of(string? text) => text?.Replace("wanted", Given.Fingerprint(source), StringComparison.Ordinal);
        var service = Given.Service(Given.Last(ServiceStates.Provisioning, Of(told)), source, new ReleaseRecord(revision, ReleaseState.Deployed, Of(label))) with { Health = Given.InPlace().Health };
        var plan = ServiceSetPlanner.Plan(Given.Set(service), Given.Now);
        Assert.Equal(stands ? ServiceAction.Keep : ServiceAction.Upgrade, Assert.Single(plan.Services).Action);
        Assert.Equal(stands ? $"{Given.Fingerprint(source)}@{revision}" : Of(told), Assert.Single(ServiceStatesFrom.All(plan, [], Given.Now)).LastDeployedHash);
    }

    [Fact]
    public void Other_values_another_chart_or_another_cluster_are_an_upgrade()
    {
        Assert.Equal(ServiceAction.Upgrade, Plan(Given.InPlace() with { Source = Given.Source(values: """{"replicas":2}""") }).Action);
        Assert.Equal(ServiceAction.Upgrade, Plan(Given.InPlace() with { Source = Given.Source(digest: "def") }).Action);
        var facts = Given.Set(Given.InPlace());
        Assert.Equal(ServiceAction.Upgrade, Plan(facts with { Target = facts.Target with { Uid = "uid-2" } }).Action);
    }

    [Fact]
    public void A_release_that_a_killed_helm_left_pending_is_recovered_first()
    {
        var plan = Plan(Given.InPlace() with { Record = new ReleaseRecord(4, ReleaseState.PendingUpgrade) });
        Assert.Equal((ServiceAction.Upgrade, Recovery.GoBack), (plan.Action, plan.Recovery));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(29, true)]
    [InlineData(31, false)]
    [InlineData(-3600, false)]
    public void A_rollback_that_has_just_begun_may_be_a_persons_and_is_left_to_end(int secondsAgo, bool waits)
    {
        var since = Given.Now - TimeSpan.FromSeconds(secondsAgo);
        var plan = Plan(Given.InPlace() with { Record = new ReleaseRecord(4, ReleaseState.PendingRollback, Since: since) });
        Assert.Equal((waits ? ServiceAction.Keep : ServiceAction.Upgrade, ServiceStates.Provisioning), (plan.Action, plan.State));
        Assert.Equal(waits ? TimeSpan.FromSeconds(30 - secondsAgo) : null, plan.CheckAgainAfter);
        // An upgrade is Fleet's own as a rule, and it is waited for.
        Assert.Equal(ServiceAction.Upgrade, Plan(Given.InPlace() with { Record = new ReleaseRecord(4, ReleaseState.PendingUpgrade, Since: since) }).Action);
    }

    [Fact]
    public void A_failed_service_waits_for_its_backoff_and_keeps_its_message()
    {
        var service = Failed(nextIn: 30);
        var plan = Plan(service);
        Assert.Equal((ServiceAction.Keep, ServiceStates.Failed, "helm: no"), (plan.Action, plan.State, plan.Message));
        Assert.Equal(TimeSpan.FromSeconds(30), plan.CheckAgainAfter);
    }

    [Fact]
    public void A_retry_stays_Failed_until_it_works()
    {
        var plan = Plan(Failed(nextIn: 0));
        Assert.Equal((ServiceAction.Upgrade, ServiceStates.Failed, "helm: no"), (plan.Action, plan.State, plan.Message));
    }

    [Fact]
    public void A_repaired_service_is_tried_at_once()
    {
        var plan = Plan(Failed(nextIn: 300) with { Source = Given.Source(values: """{"repaired":true}""") });
        Assert.Equal((ServiceAction.Upgrade, ServiceStates.Provisioning), (plan.Action, plan.State));
    }

    [Theory]
    [InlineData(ServiceStates.Deployed, 60, ServiceStates.Provisioning, 600)]
    [InlineData(ServiceStates.Provisioning, 60, ServiceStates.Provisioning, 540)]
    [InlineData(ServiceStates.Provisioning, 600, ServiceStates.Failed, null)]
    [InlineData(ServiceStates.Failed, 5, ServiceStates.Failed, null)]
    public void An_unhealthy_workload_takes_the_service_back(string last, int seconds, string state, int? checkAfter)
    {
        var service = Given.InPlace(last, TimeSpan.FromSeconds(seconds)) with { Health = new(WorkloadVerdict.Progressing, "Deployment a/b: 0 of 1") };
        var plan = Plan(service);
        Assert.Equal((ServiceAction.Keep, state, "Deployment a/b: 0 of 1"), (plan.Action, plan.State, plan.Message));
        Assert.Equal(checkAfter, plan.CheckAgainAfter?.TotalSeconds);
    }

    [Fact]
    public void A_workload_that_gave_up_makes_the_service_Failed_at_once_and_recovery_Deployed()
    {
        var sick = Given.InPlace() with { Health = new(WorkloadVerdict.Failed, "Deployment a/b: deadline") };
        Assert.Equal(ServiceStates.Failed, Plan(sick).State);
        Assert.Equal(ServiceStates.Deployed, Plan(Given.InPlace(ServiceStates.Failed)).State);
    }

    [Theory]
    [InlineData(WorkloadVerdict.Suspended, null)]
    [InlineData(WorkloadVerdict.Running, null)]
    [InlineData(WorkloadVerdict.Unknown, 60d)]
    public void What_stands_still_on_purpose_takes_its_time_or_cannot_be_judged_has_no_deadline(WorkloadVerdict verdict, double? checkAfter)
    {
        var plan = Plan(Given.InPlace(ServiceStates.Provisioning, TimeSpan.FromHours(3)) with { Health = new(verdict, "Job a/b: 1 of 3") });
        Assert.Equal((ServiceStates.Provisioning, "Job a/b: 1 of 3", checkAfter), (plan.State, plan.Message, plan.CheckAgainAfter?.TotalSeconds));
    }

    [Theory]
    [InlineData(ServiceStates.Deployed, ServiceStates.Deployed)]
    [InlineData(ServiceStates.Failed, ServiceStates.Failed)]
    [InlineData(ServiceStates.Provisioning, ServiceStates.Provisioning)]
    [InlineData(ServiceStates.Pending, ServiceStates.Provisioning)]
    public void What_has_not_been_looked_at_yet_is_neither_well_nor_ill(string last, string state) =>
        Assert.Equal(state, Plan(Given.InPlace(last) with { Health = ReleaseHealth.Healthy with { IsPartial = true } }).State);

    [Theory]
    [InlineData(false, ServiceStates.Pending)]
    [InlineData(true, ServiceStates.Failed)]
    public void A_blocked_source_names_its_reason_and_touches_nothing(bool fault, string state)
    {
        var plan = Plan(Given.InPlace() with { Source = new ServiceSource.Blocked("no such template", fault) });
        Assert.Equal((ServiceAction.Keep, state, "no such template"), (plan.Action, plan.State, plan.Message));
    }

    [Theory]
    [InlineData(TargetState.Unreachable)]
    [InlineData(TargetState.NotYet)]
    internal void A_cluster_that_cannot_be_seen_changes_no_state_and_a_new_service_waits(TargetState target)
    {
        Assert.Equal(ServiceStates.Deployed, Plan(Given.Set(Given.InPlace(), target)).State);
        var fresh = Plan(Given.Set(Given.Service(), target));
        Assert.Equal((ServiceAction.Keep, ServiceStates.Pending, "the cluster does not answer"), (fresh.Action, fresh.State, fresh.Message));
    }

    [Fact]
    public void A_removed_service_is_uninstalled()
    {
        var plan = Plan(Given.InPlace() with { Wanted = null });
        Assert.Equal((ServiceAction.Uninstall, ServiceStates.Deleting), (plan.Action, plan.State));
    }

    [Fact]
    public void A_removed_service_whose_release_is_gone_is_forgotten() =>
        Assert.Equal(ServiceAction.Forget, Plan(Given.InPlace() with { Wanted = null, Record = null }).Action);

    [Fact]
    public void Deleting_uninstalls_what_was_installed_and_leaves_releases_of_others()
    {
        Assert.Equal(ServiceAction.Uninstall, Plan(Given.Set(Given.InPlace(), deleting: true)).Action);
        var foreign = Given.Service(last: null, record: new ReleaseRecord(1, ReleaseState.Deployed));
        Assert.Equal(ServiceAction.Forget, Plan(Given.Set(foreign, deleting: true)).Action);
        Assert.Equal(ServiceAction.Forget, Plan(Given.Set(Given.InPlace() with { OwnedBy = "other" }, deleting: true)).Action);
    }

    [Theory]
    [InlineData(ServiceStates.Pending, ReleaseState.Deployed)]
    [InlineData(ServiceStates.Provisioning, ReleaseState.Deployed)]
    [InlineData(ServiceStates.Failed, ReleaseState.Deployed)]
    [InlineData(ServiceStates.Failed, ReleaseState.Failed)]
    [InlineData(ServiceStates.Pending, ReleaseState.PendingInstall)]
    public void A_release_that_only_has_the_name_of_a_service_is_never_uninstalled(string state, ReleaseState release)
    {
        var foreign = Given.Service(Given.Last(state), record: new ReleaseRecord(4, release)) with { Wanted = null };
        Assert.Equal(ServiceAction.Forget, Plan(foreign).Action);
        Assert.Equal(ServiceAction.Forget, Plan(Given.Set(foreign, deleting: true)).Action);
        // Ours, made by a process that died before it could say so.
        Assert.Equal(ServiceAction.Uninstall, Plan(foreign with { Record = new ReleaseRecord(4, release, "5f0c") }).Action);
    }

    [Fact]
    public void A_release_that_states_fields_of_others_is_upgraded_when_the_rules_change()
    {
        var service = Given.InPlace();
        var set = Given.Set(service with { Record = service.Record!.Value with { KeptFor = Fleet.StateManager.Drift.DriftRules.None.Digest } });
        Assert.Equal(ServiceAction.Keep, Plan(set).Action);
        Assert.Equal(ServiceAction.Upgrade, Plan(Given.Set(service with { Record = service.Record!.Value with { KeptFor = "other rules" } })).Action);
    }

    [Fact]
    public void A_dry_run_touches_nothing_and_says_so()
    {
        var set = Given.Set(Given.Service());
        set = set with { Settings = Fleet.StateManager.Drift.DriftSettings.Of(new System.Text.Json.Nodes.JsonObject { ["syncMode"] = "DryRun" }) };
        var plan = Plan(set);
        Assert.Equal((ServiceAction.Keep, ServiceStates.Pending), (plan.Action, plan.State));
        Assert.Contains("DryRun", plan.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deleting_waits_for_a_cluster_that_does_not_answer_but_not_for_one_that_is_gone()
    {
        var waiting = Plan(Given.Set(Given.InPlace(), TargetState.Unreachable, deleting: true));
        Assert.Equal((ServiceAction.Keep, ServiceStates.Deleting, "the cluster does not answer"), (waiting.Action, waiting.State, waiting.Message));
        Assert.Equal(ServiceAction.Forget, Plan(Given.Set(Given.InPlace(), TargetState.Gone, deleting: true)).Action);
    }

    [Fact]
    public void Two_sets_never_fight_for_a_release()
    {
        var plan = Plan(Given.InPlace() with { OwnedBy = "prod", Record = new ReleaseRecord(9, ReleaseState.Deployed) });
        Assert.Equal((ServiceAction.Keep, ServiceStates.Failed), (plan.Action, plan.State));
        Assert.Contains("ServiceSet prod", plan.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_set_is_left_alone()
    {
        var plan = Plan(Given.Set(Given.InPlace() with { Record = null }, paused: true));
        Assert.Equal((ServiceAction.Keep, ServiceStates.Deployed), (plan.Action, plan.State));
    }

    [Fact]
    public void HelmAction_Uninstall_removes_the_release_and_keeps_the_service_as_Deleted()
    {
        var service = Given.InPlace();
        service = service with { Wanted = service.Wanted! with { HelmAction = "Uninstall" } };
        Assert.Equal(ServiceAction.Uninstall, Plan(service).Action);
        var gone = Plan(service with { Record = null });
        Assert.Equal((ServiceAction.Keep, ServiceStates.Deleted), (gone.Action, gone.State));
    }

    private static ServiceFacts Failed(int nextIn) => Given.Service(Given.Last(ServiceStates.Failed, message: "helm: no")) with
    {
        Attempts = new ServiceAttempts(Given.Fingerprint(Given.Source()), 2, Given.Now.AddSeconds(nextIn)),
    };

    private static PlannedService Plan(ServiceFacts service) => Plan(Given.Set(service));

    private static PlannedService Plan(ServiceSetFacts facts) => ServiceSetPlanner.Plan(facts, Given.Now).Services.Single();
}
