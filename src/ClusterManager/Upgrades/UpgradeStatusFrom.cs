using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Control.Durations;
using Fleet.Helm.Errors;
using Fleet.Control.Status;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>status.upgrade from what was seen and done: how far it is, what is good, and whether to go back. Pure.</summary>
internal static class UpgradeStatusFrom
{
    public static ClusterUpgradeStatus? Of(ClusterFacts facts, ClusterPlan plan, ClusterResults results, DateTimeOffset now, TimeSpan patience, UpgradeWatch watch)
    {
        // As Kubernetes writes times.
        now = StatusTime.Of(now);
        var seen = facts.Object.Status?.Upgrade;
        if (facts.Object.Spec.DryRun == true)
            return seen;
        var status = (seen ?? new()) with { Rollback = facts.IsRolledBack ? seen!.Rollback : null };
        if (results.ReleaseFailure is { } failure)
            return WithHelmFailure(status, facts, failure, now);
        // Held, or not installed yet: what is there goes on.
        var deployed = plan.Release == ReleaseStep.Keep || results.ReleaseChanged ? plan.Fingerprint : facts.Release?.Fingerprint;
        if (deployed is null)
            return seen is null ? null : status;
        if (deployed != status.Fingerprint && deployed == plan.Fingerprint)
            status = status with
            {
                Phase = UpgradePhases.ControlPlane,
                Template = facts.Object.Spec.Template,
                PreviousTemplate = status.Template == facts.Object.Spec.Template ? status.PreviousTemplate : status.Template,
                Fingerprint = deployed,
                Started = now,
                Progressed = now,
                Completed = null,
                ControlPlane = null,
                Workers = null,
            };
        return results.Rollout is { } rollout && status.Fingerprint == deployed ? WithProgress(status, rollout, facts, now, patience, watch) : status;
    }

    /// <summary>How long no machine may become as wanted before the upgrade counts as failed.</summary>
    public static TimeSpan DeadlineOf(ClusterDeployment cluster, TimeSpan patience) =>
        GoDuration.TryParse(cluster.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.UpgradeDeadline), out var asked) && asked > TimeSpan.Zero ? asked : patience;

    private static ClusterUpgradeStatus WithProgress(ClusterUpgradeStatus status, RolloutPlan rollout, ClusterFacts facts, DateTimeOffset now, TimeSpan patience, UpgradeWatch watch)
    {
        var moved = Count(rollout.ControlPlane, rollout.Workers) > Count(status.ControlPlane, status.Workers)
            || (status.Phase == UpgradePhases.ControlPlane && rollout.Phase != UpgradePhases.ControlPlane);
        status = status with
        {
            Phase = rollout.Phase,
            ControlPlane = rollout.ControlPlane,
            Workers = rollout.Workers,
            Progressed = moved || status.Progressed is null || WasAway(facts) ? now : status.Progressed,
        };
        if (rollout.Phase == UpgradePhases.Completed)
            return status with
            {
                Completed = status.Completed ?? now,
                LastGood = new() { Template = status.Template, Config = facts.Object.Spec.Config?.DeepClone() },
            };
        var deadline = DeadlineOf(facts.Object, patience);
        // A cluster that was never there has nothing to go back to; its creation has deadlines of its own. A pause stops the clock for nobody's fault.
        if (facts.Pause is not null)
        {
            watch.Rest();
            return status;
        }
        var stage = $"{status.Fingerprint} {status.Phase} {Count(status.ControlPlane, status.Workers)}";
        if (!watch.IsOver(stage, status.Progressed, deadline) || status.LastGood is null)
            return status;
        return WithRollback(
            status with { Phase = UpgradePhases.Failed }, facts, ClusterDeploymentConditions.DeadlineExceeded.Value,
            $"no machine became as wanted for {Text(deadline)}: {rollout.Waits}", now);
    }

    // What the region did not tell in the meantime is nobody's delay.
    private static bool WasAway(ClusterFacts facts) =>
        facts.Object.Status?.Conditions?.Exists(condition =>
            condition.Type == ClusterDeploymentConditions.CapiClusterSummary && condition.Reason == ClusterDeploymentConditions.RegionUnavailable) == true;

    private static ClusterUpgradeStatus? WithHelmFailure(ClusterUpgradeStatus status, ClusterFacts facts, HelmException failure, DateTimeOffset now) =>
        // Values that the chart refuses have changed nothing, and an API server that does not answer will.
        failure.Kind is HelmErrorKind.ReleaseFailed or HelmErrorKind.Unknown
            ? WithRollback(status, facts, ClusterDeploymentConditions.HelmFailed.Value, failure.Message, now)
            : facts.Object.Status?.Upgrade is null ? null : status;

    private static ClusterUpgradeStatus WithRollback(ClusterUpgradeStatus status, ClusterFacts facts, string reason, string message, DateTimeOffset now)
    {
        if (status.LastGood?.Template is null || facts.IsRolledBack || !EffectiveSpec.AsksForRollback(facts.Object) || IsSame(status.LastGood, facts.Object.Spec))
            return status;
        return status with
        {
            Rollback = new() { Generation = facts.Object.Metadata.Generation, Template = facts.Object.Spec.Template, Reason = reason, Message = message, Since = now },
        };
    }

    private static bool IsSame(ClusterGoodState good, ClusterDeploymentSpec spec) => good.Template == spec.Template && JsonNode.DeepEquals(good.Config, spec.Config);

    private static int Count(MachineProgress? controlPlane, MachineProgress? workers) => (controlPlane?.Updated ?? 0) + (workers?.Updated ?? 0);

    private static string Text(TimeSpan time) => time.TotalMinutes >= 1 ? $"{time.TotalMinutes:0.#} min" : $"{time.TotalSeconds:0.#} s";
}
