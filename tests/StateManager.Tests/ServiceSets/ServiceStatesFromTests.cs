using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Control.Health;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Tests.ServiceSets;

public sealed class ServiceStatesFromTests
{
    [Fact]
    public void An_upgrade_under_way_is_Provisioning_without_a_new_hash()
    {
        var state = States(Given.Set(Given.Service())).Single();
        Assert.Equal((ServiceStates.Provisioning, null, Given.Now), (state.State, state.LastDeployedHash, state.LastStateTransitionTime));
    }

    [Fact]
    public void A_service_that_the_cluster_is_too_old_for_waits_and_says_so()
    {
        var unfit = new ServiceSource.Blocked("too old", false) { IsIncompatible = true };
        var state = States(Given.Set(Given.Service(source: unfit))).Single();
        Assert.Equal((ServiceStates.Pending, "too old"), (state.State, state.FailureMessage));
        var condition = Assert.Single(state.Conditions!);
        Assert.Equal((ServiceStateConditions.KubernetesCompatible, ConditionStatus.False, "too old"), (condition.Type, condition.Status, condition.Message));

        // What runs already goes on, and is not changed.
        var running = States(Given.Set(Given.InPlace() with { Source = unfit })).Single();
        Assert.Equal((ServiceStates.Deployed, "too old"), (running.State, running.FailureMessage));

        // When it fits again nothing of it stays, and what others found does.
        var other = Condition.True(new("Other"), Reason.Succeeded);
        var again = Given.InPlace();
        again.Last!.Conditions = [condition, other];
        Assert.Equal([other], States(Given.Set(again)).Single().Conditions!);
    }

    [Fact]
    public void A_success_stores_fingerprint_revision_and_version()
    {
        var state = States(Given.Set(Given.Service()), new ServiceResult(Given.Release) { Revision = 1 }).Single();
        Assert.Equal((ServiceStates.Deployed, $"{Given.Fingerprint(Given.Source())}@1", "1.0.0"), (state.State, state.LastDeployedHash, state.Version));
    }

    [Fact]
    public void A_success_with_workloads_that_come_up_is_Provisioning()
    {
        var result = new ServiceResult(Given.Release) { Revision = 1, Health = new(WorkloadVerdict.Progressing, "Deployment a/b: 0 of 1") };
        var state = States(Given.Set(Given.Service()), result).Single();
        Assert.Equal((ServiceStates.Provisioning, "Deployment a/b: 0 of 1"), (state.State, state.FailureMessage));
    }

    [Fact]
    public void The_version_is_stamped_only_when_the_service_is_healthy()
    {
        var before = Given.Service(Given.Last(ServiceStates.Deployed, "x@1"));
        before.Last!.Version = "0.9.0";
        var coming = new ServiceResult(Given.Release) { Revision = 2, Health = new(WorkloadVerdict.Progressing, "Deployment a/b: 0 of 1") };
        Assert.Equal("0.9.0", States(Given.Set(before), coming).Single().Version);
        var there = Given.InPlace(ServiceStates.Provisioning);
        there.Last!.Version = "0.9.0";
        Assert.Equal("0.9.0", States(Given.Set(there with { Health = coming.Health })).Single().Version);
        Assert.Equal("1.0.0", States(Given.Set(there)).Single().Version);
    }

    [Fact]
    public void Each_kind_that_is_not_well_has_a_condition_as_long_as_it_is_not()
    {
        var sick = Given.InPlace() with { Health = new(WorkloadVerdict.Progressing, "PersistentVolumeClaim a/b: no") { Kinds = [new("PersistentVolumeClaim", "1 PersistentVolumeClaim unhealthy: a/b (no)")] } };
        var state = States(Given.Set(sick)).Single();
        var condition = Assert.Single(state.Conditions!);
        Assert.Equal(
            ("ServiceHealthPersistentVolumeClaim", ConditionStatus.False, "PersistentVolumeClaimUnhealthy", "1 PersistentVolumeClaim unhealthy: a/b (no)"),
            (condition.Type.Value, condition.Status, condition.Reason.Value, condition.Message));
        var well = Given.InPlace();
        well.Last!.Conditions = state.Conditions;
        Assert.Empty(States(Given.Set(well)).Single().Conditions!);
    }

    [Fact]
    public void A_failure_keeps_the_hash_of_what_runs_and_says_why()
    {
        var service = Given.InPlace() with { Source = Given.Source(digest: "new") };
        var state = States(Given.Set(service), new ServiceResult(Given.Release) { Error = "helm: timed out" }).Single();
        Assert.Equal((ServiceStates.Failed, "helm: timed out", service.Last!.LastDeployedHash), (state.State, state.FailureMessage, state.LastDeployedHash));
    }

    [Fact]
    public void The_time_of_transition_stays_while_the_state_stays()
    {
        var service = Given.InPlace(since: TimeSpan.FromHours(3));
        Assert.Equal(Given.Now.AddHours(-3), States(Given.Set(service)).Single().LastStateTransitionTime);
    }

    [Fact]
    public void An_uninstalled_service_leaves_the_status() =>
        Assert.Empty(States(Given.Set(Given.InPlace() with { Wanted = null }), new ServiceResult(Given.Release)));

    [Fact]
    public void Conditions_count_services_and_name_what_is_wrong()
    {
        var facts = Given.Set(Given.Service(source: new ServiceSource.Blocked("ServiceTemplate x does not exist", false)));
        var plan = ServiceSetPlanner.Plan(facts, Given.Now);
        var conditions = new ConditionSet(ServiceSetConditionsFrom.All(facts, plan, ServiceStatesFrom.All(plan, [], Given.Now)));
        Assert.Equal("0/1", conditions.Find(ServiceSetConditions.ServicesInReadyState)!.Message);
        Assert.Contains("ServiceTemplate x does not exist", conditions.Find(ServiceSetConditions.Profile)!.Message, StringComparison.Ordinal);
        Assert.Equal(ConditionStatus.False, conditions.Find(SharedConditions.Ready)!.Status);
        Assert.All(conditions, c => Assert.Equal(4, c.ObservedGeneration));
    }

    [Fact]
    public void All_deployed_is_Ready()
    {
        var facts = Given.Set(Given.InPlace());
        var plan = ServiceSetPlanner.Plan(facts, Given.Now);
        var conditions = new ConditionSet(ServiceSetConditionsFrom.All(facts, plan, ServiceStatesFrom.All(plan, [], Given.Now)));
        Assert.True(conditions.IsTrue(SharedConditions.Ready));
        Assert.Equal("1/1", conditions.Find(ServiceSetConditions.ServicesInReadyState)!.Message);
    }

    private static List<ServiceState> States(ServiceSetFacts facts, params ServiceResult[] results) =>
        ServiceStatesFrom.All(ServiceSetPlanner.Plan(facts, Given.Now), results, Given.Now);
}
