using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Phases;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;
using Fleet.Testing.Time;
using static Fleet.ClusterManager.Tests.Clusters.ClusterExamples;

namespace Fleet.ClusterManager.Tests.Regions;

public class RegionLossTests
{
    private static readonly RegionView Usable = new("east", RegionState.Usable);

    private static readonly RegionView Away = new("east", RegionState.Away) { Problem = "no route", Answered = Noon };

    private const string AwayText = "Region east does not answer: no route; last answered 2026-01-01 12:00:00Z";

    private static ClusterFacts InEast(RegionView region)
    {
        var facts = Facts(Cluster(cluster => cluster.Status = new() { Region = "east" })) with { Region = region };
        facts.Credential!.Status!.Conditions = [Condition.True(CredentialConditions.IdentityInRegion, Reason.Succeeded, "")];
        return region.IsUsable ? facts : facts with { Capi = null, Release = null };
    }

    private static List<Condition> Conditions(ClusterFacts facts) =>
        [.. ClusterConditionsFrom.All(facts, ClusterPlanner.Plan(facts, Options, Noon), AllWell, null, Noon, new PhaseWatch(new ManualTimeProvider(Noon), new()))];

    [Fact]
    public void A_region_that_is_away_makes_unknown_what_it_would_have_to_tell_and_nothing_else()
    {
        var facts = InEast(Usable);
        facts.Object.Status!.Conditions = Conditions(Installed(facts));
        var away = InEast(Away) with { Object = facts.Object };
        for (var round = 0; round < 3; round++)
            away.Object.Status!.Conditions = Conditions(away);
        var conditions = new ConditionSet(away.Object.Status!.Conditions!);
        Assert.Equal(
            (ConditionStatus.Unknown, ClusterDeploymentConditions.RegionUnavailable, AwayText + "; last seen: Helm release org/web is deployed"),
            (conditions.Find(ClusterDeploymentConditions.HelmReleaseReady)!.Status, conditions.Find(ClusterDeploymentConditions.HelmReleaseReady)!.Reason, conditions.Find(ClusterDeploymentConditions.HelmReleaseReady)!.Message));
        Assert.Equal(ConditionStatus.Unknown, conditions.Find(ClusterDeploymentConditions.CapiClusterSummary)!.Status);
        Assert.True(conditions.IsTrue(ClusterDeploymentConditions.ClusterReachable));
        Assert.True(conditions.IsTrue(ClusterDeploymentConditions.NodesReady));
        Assert.Equal((ConditionStatus.Unknown, Reason.Progressing), (conditions.Find(SharedConditions.Ready)!.Status, conditions.Find(SharedConditions.Ready)!.Reason));
    }

    [Fact]
    public void However_long_it_is_away_no_phase_is_overdue()
    {
        var clock = new ManualTimeProvider(Noon);
        var phases = new PhaseWatch(clock, new());
        var facts = InEast(Away);
        for (var hour = 0; hour < 5; hour++)
        {
            var conditions = ClusterConditionsFrom.All(facts, ClusterPlanner.Plan(facts, Options, Noon), AllWell, null, clock.GetUtcNow(), phases);
            Assert.DoesNotContain(conditions, condition => condition.Reason == Reason.Failed);
            facts.Object.Status!.Conditions = [.. conditions];
            clock.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public void Nothing_is_planned_for_a_region_that_is_away()
    {
        var plan = ClusterPlanner.Plan(InEast(Away), Options, Noon);
        Assert.Equal((ReleaseStep.Hold, "Region east", false), (plan.Release, plan.HeldBy, plan.PublishKubeconfig));
    }

    [Fact]
    public void Where_a_cluster_is_made_is_noted_before_anything_is_made_there()
    {
        var facts = InEast(Usable) with { Object = Cluster() };
        Assert.True(ClusterPlanner.Plan(facts, Options, Noon) is { Release: ReleaseStep.Hold, NoteRegion: true });
        facts.Object.Status = new() { Region = "east" };
        Assert.True(ClusterPlanner.Plan(facts, Options, Noon) is { Release: ReleaseStep.Upgrade, NoteRegion: false, PublishKubeconfig: true });
    }

    [Fact]
    public void An_identity_that_is_not_in_the_region_holds_a_new_cluster()
    {
        var facts = InEast(Usable);
        facts.Credential!.Status!.Conditions = [Condition.False(CredentialConditions.IdentityInRegion, Reason.Failed, "region east has no kind X")];
        Assert.Equal("the Credential aws is not ready: region east has no kind X", CredentialCheck.Problem(facts));
        Assert.Equal("Credential aws", ClusterPlanner.Plan(facts, Options, Noon).HeldBy);
        // Nothing is taken from clusters by a region that is away for a moment.
        facts.Credential.Status.Conditions = [Condition.Unknown(CredentialConditions.IdentityInRegion, CredentialConditions.RegionUnavailable, AwayText)];
        Assert.Null(CredentialCheck.Problem(facts));
    }

    [Fact]
    public void A_paused_region_pauses_its_clusters_in_upstreams_words()
    {
        var facts = Installed(InEast(Usable with { IsPaused = true }));
        facts.Object.Spec.Config = System.Text.Json.Nodes.JsonNode.Parse("{}");
        Assert.Equal("Related Region east is paused", new ConditionSet(Conditions(facts)).Find(SharedConditions.Paused)!.Message);
        Assert.Equal("Related Region east is paused", DeletionHold.Protection(facts.Object, [], facts.Region)!.Message);
    }

    [Fact]
    public void A_cluster_that_vanished_while_its_region_was_away_is_made_again()
    {
        var facts = Installed(InEast(Usable)) with { Capi = null };
        facts.Object.Status!.Conditions = [Condition.Unknown(ClusterDeploymentConditions.CapiClusterSummary, ClusterDeploymentConditions.RegionUnavailable, AwayText)];
        Assert.True(ClusterRecreation.WasThere(facts));
        Assert.Equal(ClusterDeploymentConditions.CapiClusterMissing, new ConditionSet(Conditions(facts)).Find(ClusterDeploymentConditions.CapiClusterSummary)!.Reason);
        // One that was never installed is not.
        Assert.False(ClusterRecreation.WasThere(facts with { Release = null }));
    }

    [Fact]
    public void A_deletion_waits_for_the_region_by_name_and_only_force_and_orphan_go_on()
    {
        var facts = new DeletionFacts { Object = Cluster(cluster => cluster.Status = new() { Region = "east" }), Region = Away };
        var step = Next(facts);
        Assert.Equal((DeletionPhase.Release, DeletionAction.Wait, ClusterDeploymentConditions.WaitingForRegion), (step.Phase, step.Action, step.Reason));
        Assert.Equal(new DeletionBlocker { Kind = "Region", Name = "east", Reason = AwayText }, Assert.Single(step.Blockers));
        Assert.Equal(DeletionAction.RemoveFinalizer, Next(facts with { Policy = DeletionPolicy.Orphan }).Action);
        Assert.Equal(DeletionAction.Wait, Next(facts with { Policy = DeletionPolicy.Force }).Action);
        var forced = Next(facts with { Policy = DeletionPolicy.Force, Waited = new PhaseWait(nameof(DeletionPhase.Release), TimeSpan.Zero, TimeSpan.FromMinutes(2)) });
        Assert.Equal((DeletionAction.RemoveFinalizer, DeletionPhase.Release), (forced.Action, Assert.Single(forced.Abandoned).Phase));
        Assert.True(Next(facts with { Waited = new PhaseWait(nameof(DeletionPhase.Release), TimeSpan.Zero, TimeSpan.FromHours(1)) }).IsOverdue);
        // It never got there.
        facts.Object.Status!.Region = null;
        Assert.Equal(DeletionAction.RemoveFinalizer, Next(facts).Action);
    }

    [Fact]
    public void Copies_go_after_the_cluster()
    {
        var facts = new DeletionFacts
        {
            Object = Cluster(), Region = Usable, Capi = ReadyCapi with { BeingDeleted = true },
            Copies = [new(Control.Kinds.CoreKinds.Secrets, new("org", "web-auth-config"), "u", false)],
        };
        Assert.Equal(DeletionAction.Wait, Next(facts).Action);
        var step = Next(facts with { Capi = null });
        Assert.Equal((DeletionAction.DeleteCopies, "Secret org/web-auth-config in region east is being deleted"), (step.Action, step.Message));
    }

    private static DeletionStep Next(DeletionFacts facts) => DeletionPlanner.Next(facts, new(new DeletionOptions(), facts.Object.Metadata));
}
