using Fleet.Control.Grains;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.References;
using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>
/// Carries out a plan, one idempotent operation per step. Steps that do not depend on each other go on when one fails: services may progress
/// although the cluster part failed, and the other way round.
/// </summary>
internal sealed class ClusterApplier(IKubernetesClient client, Finalizers finalizers, ReferenceApplier references, ClusterParts parts)
{
    /// <summary>
    /// Puts finalizer and label on the object and gives it as it is then. Comes before everything: nothing is created that a deletion could not
    /// find again, and labels become values of the chart, so that one set later would mean an upgrade right after the installation.
    /// For a cluster that is paused nothing is created: who takes it elsewhere takes the finalizer off first.
    /// </summary>
    public async Task<ClusterDeployment> MarkAsync(ClusterDeployment cluster, ReconcileRequest request, CancellationToken ct)
    {
        if (cluster.Metadata.Finalizers?.Contains(FleetFinalizers.ClusterDeployment) == true || ClusterPause.IsAsked(cluster))
            return cluster;
        request.Ownership.EnsureCurrent();
        return await finalizers.MarkAsync(FleetKinds.ClusterDeployments, cluster, FleetFinalizers.ClusterDeployment, ct);
    }

    public async Task<ClusterResults> ApplyAsync(ClusterFacts facts, ClusterPlan plan, ClusterTurn turn, CancellationToken ct)
    {
        var failures = new List<Exception>();
        var results = new ClusterResults();
        await TryAsync(() => references.PrepareAsync(facts, plan.References, turn, ct), failures);
        var isReleased = await TryAsync(async () => results = await ReleaseAsync(facts, plan, turn, ct), failures);
        if (isReleased && (plan.Release == ReleaseStep.Keep || results.ReleaseChanged))
            await TryAsync(async () => results = results with { LeftoversRemoved = await references.RemoveAsync(plan.References, turn, ct) }, failures);
        await TryAsync(async () => results = results with { Rollout = await ClusterUpgrades.FollowAsync(facts, plan, results, turn, ct) }, failures);
        if (facts.Pause is { IsFence: false })
            await EachAsync(plan, set => PauseAsync(set, true, turn, ct), failures);
        if (plan.LabelAgain)
            await TryAsync(() => LabelAsync(facts, turn, ct), failures);
        if (plan.PublishKubeconfig)
            await TryAsync(() => PublishKubeconfigAsync(facts, turn, ct), failures);
        // What rested is let go with what is declared now: after a restore it may be what was declared a second before the backup.
        var isCurrent = plan.ServiceSet is null || await TryAsync(() => ApplyServiceSetAsync(facts, plan, turn, ct), failures);
        if (isCurrent && facts.Pause is null or { IsFence: true })
            await EachAsync(plan, set => PauseAsync(set, false, turn, ct), failures);
        var link = parts.LinkOf(turn.Request);
        link.Use(facts.Object.Spec.DryRun == true ? null : facts.Kubeconfig?.Text);
        var contact = link.Contact;
        if (IsNewer(results.Rollout, contact))
            link.AskAgain();
        return results with { Failures = failures, Contact = contact };
    }

    // The control plane has been replaced: what its API server said before that would stand in status until the next turn.
    private static bool IsNewer(RolloutPlan? rollout, ClusterContact contact) =>
        rollout is { Phase: not UpgradePhases.ControlPlane, ControlPlane.Version: { Length: > 0 } version } && contact.Version is { } said && said != version;

    /// <summary>Nobody asks about the cluster any more.</summary>
    public void Disconnect(ReconcileRequest request) => parts.LinkOf(request).Use(null);

    private async Task<ClusterResults> ReleaseAsync(ClusterFacts facts, ClusterPlan plan, ClusterTurn turn, CancellationToken ct)
    {
        if (plan.Release == ReleaseStep.Keep)
            await references.WriteAsync(facts, plan.References, turn, ct);
        if (plan.Release is ReleaseStep.Hold or ReleaseStep.Keep or ReleaseStep.Pause)
            return new();
        var attempts = turn.Grain.Part(parts.NewAttempts);
        // A dry run that was clean, or an attempt that failed a moment ago, is not repeated because something else changed.
        if (plan.Release == ReleaseStep.Check && attempts.HasSucceeded(plan.Fingerprint) && facts.Object.Status?.DryRunSummary is not null)
            return new();
        if (attempts.LastFailure(plan.Fingerprint) is { } last && attempts.Wait(plan.Fingerprint) is not { Ticks: 0 })
            return new() { ReleaseFailure = last, ReleaseRetry = attempts.Wait(plan.Fingerprint) };
        try
        {
            turn.Ownership.EnsureCurrent();
            if (plan.Release == ReleaseStep.Check)
            {
                var found = await ClusterUpgrades.PlanAsync(facts, plan, turn.Host, ct);
                attempts.Succeeded(plan.Fingerprint);
                return new() { DryRun = found };
            }
            if (facts.Release is { IsUninstalled: false } && await ClusterUpgrades.PassAsync(facts, plan, turn, ct) is { } rule)
                return new() { HeldBy = rule };
            await turn.Host.EnsureNamespaceAsync(facts.Key.Namespace, turn.Ownership, ct);
            // Not earlier: a machine that joins while the upgrade is held is to be as the others.
            await references.WriteAsync(facts, plan.References, turn, ct);
            await turn.Host.Releases.UpgradeAsync(facts.Key, facts.Chart!, plan.Values, plan.Options, plan.Recovery, turn.Ownership, ct);
            attempts.Succeeded(plan.Fingerprint);
            return new() { ReleaseChanged = true };
        }
        catch (HelmException e)
        {
            attempts.Failed(plan.Fingerprint, e);
            return new() { ReleaseFailure = e, ReleaseRetry = attempts.Wait(plan.Fingerprint) };
        }
    }

    private static async Task EachAsync(ClusterPlan plan, Func<ServiceSet, Task> act, List<Exception> failures)
    {
        foreach (var set in plan.PauseServices)
            await TryAsync(() => act(set), failures);
    }

    private async Task PauseAsync(ServiceSet set, bool pause, ClusterTurn turn, CancellationToken ct)
    {
        var value = pause ? "true" : null;
        await client.Dynamic(FleetKinds.ServiceSets.Kind).PatchFencedAsync(
            set.Metadata.Key, set.Metadata.Uid,
            new()
            {
                ["metadata"] = new JsonObject
                {
                    ["annotations"] = new JsonObject { [FleetLabels.ServiceSetPaused] = value, [FleetAnnotations.PausedWithCluster] = value },
                },
            },
            new() { FieldManager = OwnedObjects.FieldManager }, turn.Ownership, ct);
    }

    private static async Task LabelAsync(ClusterFacts facts, ClusterTurn turn, CancellationToken ct)
    {
        turn.Ownership.EnsureCurrent();
        await turn.Host.Releases.LabelAsync(facts.Key, ct);
    }

    private async Task PublishKubeconfigAsync(ClusterFacts facts, ClusterTurn turn, CancellationToken ct)
    {
        var name = facts.Key.Name + "-kubeconfig";
        var value = Convert.ToBase64String(Encoding.UTF8.GetBytes(facts.Kubeconfig!.Text!));
        var seen = await client.Dynamic(CoreKinds.Secrets).GetAsync(new(facts.Key.Namespace, name), ct);
        if ((string?)seen?.At("data", "value") == value || (facts.Region is null && facts.Kubeconfig.Secret == seen?.Key))
            return;
        // Not ours to overwrite: of an earlier object of this name, which goes by itself, or somebody's own.
        if (seen is not null && (OwnedObjects.IsOfAnother(seen.Metadata, facts.Object) || seen.Metadata.Labels?.ContainsKey(FleetLabels.Managed) != true))
            throw new KubeApiException(409, "Conflict", $"Secret {seen.Key} is there already and was not made for this ClusterDeployment");
        await client.Dynamic(CoreKinds.Secrets).ApplyFencedAsync(
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = OwnedObjects.Metadata(facts.Object, name, [("cluster.x-k8s.io/cluster-name", facts.Key.Name), .. RegionLabel(facts)]),
                ["data"] = new JsonObject { ["value"] = value },
                ["type"] = "cluster.x-k8s.io/secret",
            },
            new(OwnedObjects.FieldManager) { Force = true }, turn.Ownership, ct);
    }

    private static IEnumerable<(string, string)> RegionLabel(ClusterFacts facts) => facts.Region is { } region ? [(FleetLabels.Region, region.Name)] : [];

    private async Task ApplyServiceSetAsync(ClusterFacts facts, ClusterPlan plan, ClusterTurn turn, CancellationToken ct)
    {
        await client.Dynamic(FleetKinds.ServiceSets.Kind).ApplyFencedAsync(
            new()
            {
                ["apiVersion"] = FleetKinds.ServiceSets.Kind.ApiVersion,
                ["kind"] = FleetKinds.ServiceSets.Kind.Kind,
                ["metadata"] = OwnedObjects.Metadata(facts.Object, facts.Key.Name, (FleetLabels.Adapter, "kcm-controller-manager")),
                ["spec"] = ClusterServices.Json(plan.ServiceSet!),
            },
            new(OwnedObjects.FieldManager) { Force = true }, turn.Ownership, ct);
    }

    private static async Task<bool> TryAsync(Func<Task> step, List<Exception> failures)
    {
        try
        {
            await step();
            return true;
        }
        catch (KubeApiException e)
        {
            failures.Add(e);
            return false;
        }
    }
}
