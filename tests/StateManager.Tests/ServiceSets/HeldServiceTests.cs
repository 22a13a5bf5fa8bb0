using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Control.Health;
using Fleet.Helm.Releases;
using Fleet.StateManager.Health;
using Fleet.StateManager.Holds;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Tests.ServiceSets;

/// <summary>A person's rollback or pause goes before the declaration, and status says so.</summary>
public sealed class HeldServiceTests
{
    private static readonly ServiceHold Back = new() { Revision = 2, By = "alice", Since = Given.Now, Declared = ServiceHold.DeclarationOf(Given.Service().Wanted!) };
    private static readonly ServiceHold Paused = new() { By = "bob", Since = Given.Now };

    [Fact]
    public void A_rollback_is_done_once_and_then_stands()
    {
        var plan = Plan(Given.InPlace() with { Hold = Back });
        Assert.Equal((ServiceAction.Rollback, ServiceStates.Provisioning, Back.Fingerprint), (plan.Action, plan.State, plan.Fingerprint));

        var done = RolledBack();
        plan = Plan(done);
        Assert.Equal((ServiceAction.Keep, ServiceStates.Pending), (plan.Action, plan.State));
        Assert.StartsWith("held at revision 2 by alice since 2026-11-01 12:00:00Z: the declaration is not applied", plan.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_elses_upgrade_of_what_is_held_is_taken_back_to_what_the_rollback_made()
    {
        Assert.Equal(2, Plan(Given.InPlace() with { Hold = Back }).ToRevision);
        // Helm may have let go of revision 2 by now.
        var plan = Plan(RolledBack() with { Record = new ReleaseRecord(5, ReleaseState.Deployed) });
        Assert.Equal((ServiceAction.Rollback, 4), (plan.Action, plan.ToRevision));
    }

    [Fact]
    public void A_rollback_that_a_killed_helm_left_pending_is_recovered_first()
    {
        var plan = Plan(RolledBack() with { Record = new ReleaseRecord(5, ReleaseState.PendingRollback) });
        Assert.Equal((ServiceAction.Rollback, Recovery.GoBack), (plan.Action, plan.Recovery));
    }

    [Fact]
    public void Another_declaration_ends_a_rollback_and_the_entry_goes()
    {
        var declared = Given.Service().Wanted! with { Values = "replicaCount: 5" };
        var service = RolledBack() with { Wanted = declared };
        var set = Given.Set(service);
        set.Object.Spec.Services = [declared];
        set.Object.Metadata.Annotations = new() { [FleetAnnotations.HeldServices] = ServiceHolds.Parse(null).With(Given.Release, Back)! };
        var plan = ServiceSetPlanner.Plan(set, Given.Now);
        Assert.Equal(ServiceAction.Upgrade, Assert.Single(plan.Services).Action);
        Assert.Equal(["applications-web/nginx-web"], plan.EndHolds);
    }

    [Fact]
    public void Without_the_hold_the_declaration_is_applied() => Assert.Equal(ServiceAction.Upgrade, Plan(RolledBack() with { Hold = null }).Action);

    [Fact]
    public void A_pause_changes_nothing_and_tells_what_is_not_applied()
    {
        var plan = Plan(Given.InPlace() with { Hold = Paused });
        Assert.Equal((ServiceAction.Keep, ServiceStates.Deployed, true), (plan.Action, plan.State, plan.IsInPlace));
        Assert.StartsWith("paused by bob", plan.Held, StringComparison.Ordinal);

        plan = Plan(Given.InPlace() with { Hold = Paused, Source = Given.Source(values: """{"replicas":2}""") });
        Assert.Equal((ServiceAction.Keep, ServiceStates.Pending, false), (plan.Action, plan.State, plan.IsInPlace));
        Assert.StartsWith("paused by bob", plan.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_paused_and_no_longer_declared_stays_until_it_goes_on()
    {
        var leftover = Given.InPlace() with { Wanted = null, Hold = Paused };
        Assert.Equal(ServiceAction.Keep, Plan(leftover).Action);
        Assert.Equal(ServiceAction.Uninstall, Plan(leftover with { Hold = null }).Action);
        Assert.Equal(ServiceAction.Uninstall, Plan(leftover with { Hold = Back }).Action);
    }

    [Fact]
    public void A_deleted_set_takes_its_held_services_along()
    {
        var plan = ServiceSetPlanner.Plan(Given.Set(Given.InPlace() with { Hold = Paused }, deleting: true), Given.Now);
        Assert.Equal(ServiceAction.Uninstall, Assert.Single(plan.Services).Action);
    }

    [Fact]
    public void A_broken_workload_is_told_also_while_it_is_held()
    {
        var plan = Plan(RolledBack() with { Health = new ReleaseHealth(WorkloadVerdict.Failed, "Deployment web: no pods") });
        Assert.Equal(ServiceStates.Failed, plan.State);
        Assert.Contains("no pods", plan.Message, StringComparison.Ordinal);
        Assert.Contains("held at revision 2", plan.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_shows_the_hold_and_the_version_that_runs()
    {
        var set = Given.Set(Given.InPlace() with { Hold = Back });
        var plan = ServiceSetPlanner.Plan(set, Given.Now);
        var state = Assert.Single(ServiceStatesFrom.All(plan, [new ServiceResult(Given.Release) { Revision = 4, Version = "0.9.0" }], Given.Now));
        Assert.Equal((ServiceStates.Pending, "0.9.0", $"{Back.Fingerprint}@4"), (state.State, state.Version, state.LastDeployedHash));
        var held = Assert.Single(state.Conditions!, condition => condition.Type == ServiceStateConditions.Held);
        Assert.Equal(ServiceStateConditions.RolledBack, held.Reason);

        // It goes when nobody holds the service any more.
        var free = ServiceSetPlanner.Plan(Given.Set(RolledBack() with { Hold = null, Last = state }), Given.Now);
        Assert.DoesNotContain(Assert.Single(ServiceStatesFrom.All(free, [], Given.Now)).Conditions ?? [], condition => condition.Type == ServiceStateConditions.Held);
    }

    private static ServiceFacts RolledBack() =>
        Given.Service(Given.Last(ServiceStates.Pending, $"{Back.Fingerprint}@4"), Given.Source(), new ReleaseRecord(4, ReleaseState.Deployed)) with { Hold = Back };

    private static PlannedService Plan(ServiceFacts service) => Assert.Single(ServiceSetPlanner.Plan(Given.Set(service), Given.Now).Services);
}
