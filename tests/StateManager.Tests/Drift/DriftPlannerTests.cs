using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;
using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Tests.ServiceSets;

namespace Fleet.StateManager.Tests.Drift;

public sealed class DriftPlannerTests
{
    private static readonly InventoryObject Map = Manifests.Object("{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}");

    private static readonly ObjectDrift Edited = new(Map) { Fields = ["data.color"], By = new("kubectl-edit", null) };

    [Theory]
    [InlineData("Continuous", 0, 1)]
    [InlineData("ContinuousWithDriftDetection", 1, 0)]
    public void What_drifted_is_corrected_or_shown_as_the_mode_has_it(string mode, int corrected, int left)
    {
        var plan = DriftPlanner.Plan(Enum.Parse<SyncMode>(mode), [new(Edited, null)], Given.Now);
        Assert.Equal((corrected, left), (plan.Correct.Count, plan.Left.Count));
    }

    [Fact]
    public void Whoever_keeps_changing_an_object_is_answered_ever_more_rarely()
    {
        var now = Given.Now;
        DriftAttempts? attempts = null;
        var waits = new List<double>();
        for (var i = 0; i < 13; i++)
        {
            attempts = DriftAttempts.Next(attempts, now, null, new NoJitter());
            waits.Add((attempts.NextAt - now).TotalSeconds);
            now = attempts.NextAt;
        }

        Assert.Equal([0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], waits);
        Assert.True(attempts!.IsFight);

        // Ten minutes of calm, and the next edit is the first again.
        Assert.False(attempts.IsOver(now + TimeSpan.FromMinutes(9)));
        Assert.True(attempts.IsOver(now + TimeSpan.FromMinutes(11)));
        Assert.Equal(1, DriftAttempts.Next(attempts, now + TimeSpan.FromMinutes(11), null, new NoJitter()).Count);
    }

    [Fact]
    public void A_correction_that_fails_waits_from_the_first_time_on()
    {
        var first = DriftAttempts.Next(null, Given.Now, "no", new NoJitter());
        var second = DriftAttempts.Next(first, Given.Now, "no", new NoJitter());
        Assert.Equal((2, 4), ((first.NextAt - Given.Now).TotalSeconds, (second.NextAt - Given.Now).TotalSeconds));
        Assert.False(second.IsFight);
    }

    [Fact]
    public void What_is_not_due_waits_and_is_looked_at_then()
    {
        var fought = new DriftAttempts(5, Given.Now, Given.Now + TimeSpan.FromSeconds(8), null);
        var plan = DriftPlanner.Plan(SyncMode.ContinuousWithDriftDetection, [new(Edited, fought)], Given.Now);
        Assert.Empty(plan.Correct);
        Assert.Equal(TimeSpan.FromSeconds(8), plan.CheckAgainAfter);

        plan = DriftPlanner.Plan(SyncMode.ContinuousWithDriftDetection, [new(Edited, fought)], Given.Now + TimeSpan.FromSeconds(8));
        Assert.Single(plan.Correct);
    }

    [Fact]
    public void The_condition_says_what_and_why_and_is_absent_when_all_is_well()
    {
        Assert.Null(DriftConditionFrom.Of(DriftPlan.None));
        var blind = DriftConditionFrom.Of(DriftPlan.None with { NotWatched = ["gauges cannot be watched: forbidden"] })!;
        Assert.Equal((ConditionStatus.Unknown, "NotWatched", "gauges cannot be watched: forbidden"), (blind.Status, blind.Reason.Value, blind.Message));
        var shown = DriftConditionFrom.Of(DriftPlanner.Plan(SyncMode.Continuous, [new(Edited, null), new(new(Map) { IsMissing = true }, null)], Given.Now))!;
        Assert.Equal(
            (ConditionStatus.True, "DriftDetected", "ConfigMap apps/web: data.color (by kubectl-edit); ConfigMap apps/web is missing"),
            (shown.Status, shown.Reason.Value, shown.Message));

        var plan = DriftPlanner.Plan(SyncMode.ContinuousWithDriftDetection, [new(Edited, null)], Given.Now);
        var after = DriftPlanner.After(plan, [new(Edited, new(1, Given.Now, Given.Now, null))], Given.Now);
        Assert.Null(DriftConditionFrom.Of(after));
        Assert.Single(after.Corrected);

        after = DriftPlanner.After(plan, [new(Edited, new(1, Given.Now, Given.Now + TimeSpan.FromSeconds(2), "forbidden"))], Given.Now);
        Assert.Equal(("CorrectionFailed", "ConfigMap apps/web: data.color (by kubectl-edit): forbidden"), (DriftConditionFrom.Of(after)!.Reason.Value, DriftConditionFrom.Of(after)!.Message));
        Assert.Equal(TimeSpan.FromSeconds(2), after.CheckAgainAfter);

        var fought = DriftPlanner.Plan(SyncMode.ContinuousWithDriftDetection, [new(Edited, new(5, Given.Now, Given.Now + TimeSpan.FromSeconds(8), null))], Given.Now);
        Assert.Equal("KeepsDrifting", DriftConditionFrom.Of(fought)!.Reason.Value);
    }

    [Fact]
    public void Only_what_is_in_place_is_corrected_and_what_a_person_holds_is_shown()
    {
        var service = Given.InPlace() with { Drifted = [new(Edited, null)] };
        Assert.Single(Plan(service, SyncMode.ContinuousWithDriftDetection).Drift!.Correct);
        Assert.Equal(ServiceStates.Deployed, Plan(service, SyncMode.ContinuousWithDriftDetection).State);
        var held = service with { Hold = new() { By = "ada" } };
        Assert.Empty(Plan(held, SyncMode.ContinuousWithDriftDetection).Drift!.Correct);
        Assert.Single(Plan(held, SyncMode.ContinuousWithDriftDetection).Drift!.Left);
        // An upgrade is about to come: it corrects by itself.
        Assert.Null(Plan(service with { Source = Given.Source("other") }, SyncMode.ContinuousWithDriftDetection).Drift);
    }

    [Fact]
    public void Objects_that_the_cluster_did_not_answer_for_are_asked_for_again()
    {
        var plan = Plan(Given.InPlace() with { Drifted = [], IsDriftIncomplete = true }, SyncMode.Continuous);
        Assert.Equal(TimeSpan.FromSeconds(5), plan.CheckAgainAfter);
        Assert.Null(Plan(Given.InPlace() with { Drifted = [] }, SyncMode.Continuous).CheckAgainAfter);
    }

    [Fact]
    public void With_OneTime_what_was_installed_is_neither_changed_nor_installed_again()
    {
        var changed = Given.InPlace() with { Source = Given.Source("other") };
        Assert.Equal((ServiceAction.Keep, ServiceStates.Deployed), (Plan(changed, SyncMode.OneTime).Action, Plan(changed, SyncMode.OneTime).State));
        Assert.False(Plan(changed, SyncMode.OneTime).IsInPlace);
        var gone = Plan(changed with { Record = null }, SyncMode.OneTime);
        Assert.Equal((ServiceAction.Keep, ServiceStates.Failed), (gone.Action, gone.State));
        Assert.Contains("not installed again", gone.Message, StringComparison.Ordinal);
        var stuck = Plan(changed with { Record = new ReleaseRecord(4, ReleaseState.PendingUpgrade) }, SyncMode.OneTime);
        Assert.Equal((ServiceAction.Keep, ServiceStates.Failed), (stuck.Action, stuck.State));
        // Until it was installed once it is tried.
        Assert.Equal(ServiceAction.Upgrade, Plan(Given.Service(), SyncMode.OneTime).Action);
    }

    [Fact]
    public void Settings_that_cannot_be_read_change_nothing_and_say_so()
    {
        var facts = Given.Set(Given.Service()) with { Settings = DriftSettings.Default with { Problem = "provider.config.syncMode is none of them" } };
        var plan = ServiceSetPlanner.Plan(facts, Given.Now).Services[0];
        Assert.Equal((ServiceAction.Keep, ServiceStates.Failed, "provider.config.syncMode is none of them"), (plan.Action, plan.State, plan.Message));
    }

    [Fact]
    public void What_is_not_known_leaves_the_condition_as_it_was()
    {
        var last = Given.InPlace().Last! with { Conditions = [Condition.True(ServiceStateConditions.Drifted, ServiceStateConditions.DriftDetected, "before")] };
        var unknown = Given.InPlace() with { Last = last };
        Assert.Equal("before", StateOf(unknown).Conditions!.Single().Message);
        Assert.Empty(StateOf(unknown with { Drifted = [] }).Conditions!);
    }

    private static ServiceState StateOf(ServiceFacts service) =>
        ServiceStatesFrom.All(ServiceSetPlanner.Plan(Given.Set(service), Given.Now), [], Given.Now).Single();

    private static PlannedService Plan(ServiceFacts service, SyncMode mode) =>
        ServiceSetPlanner.Plan(Given.Set(service) with { Settings = DriftSettings.Default with { Mode = mode } }, Given.Now).Services[0];

    private sealed class NoJitter : IJitterSource
    {
        public double Next() => 0;
    }
}
