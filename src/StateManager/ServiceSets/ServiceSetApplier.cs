using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Fleet.Contracts.Services;
using Fleet.Control.Grains;
using Fleet.Helm.Errors;
using Fleet.Helm.Owners;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Connections;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Manifests;
using Fleet.StateManager.Patches;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.ServiceSets;

/// <summary>Runs the steps of a plan with Helm, a few at once; failures come back as results and never stop the other steps.</summary>
internal sealed class ServiceSetApplier(IHelm helm, FoundationLayer foundations, StateMetrics metrics, TimeProvider clock)
{
    /// <summary>Helm processes for one cluster at a time: two overlap waiting and working without one cluster taking all of them.</summary>
    private const int PerCluster = 2;

    private const string LeftToOthers =
        "; driftIgnore or driftExclusions leave fields of this release to others, so nothing is taken from them: give these fields the chart's value, or leave them out of the chart's values";

    /// <summary>Results in the order in which the steps end.</summary>
    public async IAsyncEnumerable<ServiceResult> ApplyAsync(
        ServiceSetPlan plan, DriftRules rules, ConnectedCluster cluster, ServiceRetries retries, GrainOwnership ownership,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var done = Channel.CreateUnbounded<ServiceResult>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = PerCluster, CancellationToken = ct };
        var running = Task.Run(
            async () =>
            {
                try
                {
                    await Parallel.ForEachAsync(plan.Steps, limits, async (step, stop) =>
                        done.Writer.TryWrite(await RunAsync(step, rules, cluster, retries, ownership, stop)));
                }
                finally
                {
                    done.Writer.Complete();
                }
            },
            CancellationToken.None);
        await foreach (var result in done.Reader.ReadAllAsync(CancellationToken.None))
            yield return result;
        await running;
    }

    private async Task<ServiceResult> RunAsync(
        PlannedService step, DriftRules rules, ConnectedCluster cluster, ServiceRetries retries, GrainOwnership ownership, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var what = step.Action switch { ServiceAction.Uninstall => "uninstall", ServiceAction.Rollback => "rollback", _ => "upgrade" };
        try
        {
            ownership.EnsureCurrent();
            var result = step.Action switch
            {
                ServiceAction.Uninstall => await UninstallAsync(step, cluster, ownership, ct),
                ServiceAction.Rollback => await RollbackAsync(step, rules, cluster, ownership, ct),
                _ => await UpgradeAsync(step, rules, cluster, ownership, ct),
            };
            retries.Succeeded(step.Release);
            metrics.HelmRan(what, "ok", clock.GetElapsedTime(started));
            return result;
        }
        catch (Exception e) when (e is HelmException or ManifestException or KubeApiException)
        {
            metrics.HelmRan(what, "failed", clock.GetElapsedTime(started));
            var delay = retries.Failed(step.Release, step.Fingerprint, clock.GetUtcNow());
            var more = e is HelmException { Kind: HelmErrorKind.FieldConflict } ? LeftToOthers : "";
            return new ServiceResult(step.Release) { Error = e.Message + more, RetryAfter = delay };
        }
    }

    private async Task<ServiceResult> UpgradeAsync(PlannedService step, DriftRules rules, ConnectedCluster cluster, GrainOwnership ownership, CancellationToken ct)
    {
        var source = (ServiceSource.Found)step.Facts.Source;
        await using var hold = await helm.OwnAsync(step.Release, cluster.Access, ownership, source.Options.AsUpgrade(step.Recovery), ct);
        await helm.FreeAsync(step.Release, cluster.Access, step.Recovery, ct);
        if (source.Foundations.Count > 0)
            await foundations.LayAsync(cluster.Client, source.Foundations, TakesOver(step, source), !rules.LeaveToOthers(cluster.View.Inventory.FoundationsOf(step.Release)), ownership, ct);
        var kept = KeptFields.Of(rules, cluster.View.Inventory.ObjectsOf(step.Release), step.Release.Namespace);
        var release = await helm.UpgradeAsync(
            new UpgradeRequest
            {
                Release = step.Release,
                Cluster = cluster.Access,
                Chart = source.Chart,
                Values = source.Values,
                Options = source.Options with
                {
                    Labels = Labels(step, source, kept.Patches.Count > 0 ? rules.Digest : null),
                    ForceConflicts = step.Facts.Record is not { } record
                        || (kept.IsComplete && await cluster.View.Inventory.IsServerSideAppliedAsync(step.Release, record.Revision, ct)),
                },
                ServerChecksFields = cluster.ChecksFields,
                Secrets = source.Secrets,
                Patches = [.. source.Patches, .. kept.Patches],
            },
            ct);
        var health = await cluster.View.CatchUpAsync(step.Release, release.Revision, step.Facts.Owner, ct);
        return new ServiceResult(step.Release) { Revision = release.Revision, Health = health };
    }

    private static Dictionary<string, string> Labels(PlannedService step, ServiceSource.Found source, string? keptFor)
    {
        var labels = new Dictionary<string, string>(source.Options.Labels) { [ReleaseLabels.Fingerprint] = step.Fingerprint };
        if (keptFor is not null || step.Facts.Record?.KeptFor is not null)
            labels[ReleaseLabels.KeptFields] = keptFor ?? ReleaseLabels.NothingKept;
        return labels;
    }

    /// <summary>What a revision declares wins over whoever changed it in the cluster, as with helm 3, but for the fields that are left to others.</summary>
    private static async Task<bool> TakesFieldsAsync(PlannedService step, DriftRules rules, ConnectedCluster cluster, CancellationToken ct)
    {
        var inventory = cluster.View.Inventory;
        return step.Facts.Record is not { } record
            || (await inventory.IsServerSideAppliedAsync(step.Release, record.Revision, ct) && !rules.LeaveToOthers(inventory.ObjectsOf(step.Release)));
    }

    private static bool TakesOver(PlannedService step, ServiceSource.Found source) =>
        step.Facts.Record is null ? source.Options.Install.TakeOwnership : source.Options.Upgrade.TakeOwnership;

    private async Task<ServiceResult> RollbackAsync(PlannedService step, DriftRules rules, ConnectedCluster cluster, GrainOwnership ownership, CancellationToken ct)
    {
        var options = ReleaseOptionsFrom.Both(step.Facts.Wanted?.HelmOptions, null) with { ForceConflicts = await TakesFieldsAsync(step, rules, cluster, ct) };
        await using var hold = await helm.OwnAsync(step.Release, cluster.Access, ownership, options.AsRollback(step.Recovery), ct);
        await helm.FreeAsync(step.Release, cluster.Access, step.Recovery, ct);
        await helm.RollbackAsync(step.Release, cluster.Access, step.ToRevision, options, ct);
        var release = await helm.StatusAsync(step.Release, cluster.Access, ct)
            ?? throw new HelmException(HelmErrorKind.ReleaseNotFound, $"release {step.Release} is gone right after it was rolled back");
        var health = await cluster.View.CatchUpAsync(step.Release, release.Revision, step.Facts.Owner, ct);
        return new ServiceResult(step.Release) { Revision = release.Revision, Health = health, Version = step.Facts.Type == ServiceTypes.Helm ? ChartLabel.VersionOf(release.Chart) : step.Facts.Last?.Version };
    }

    private async Task<ServiceResult> UninstallAsync(PlannedService step, ConnectedCluster cluster, GrainOwnership ownership, CancellationToken ct)
    {
        var options = ReleaseOptionsFrom.Both(step.Facts.Wanted?.HelmOptions, null);
        await using var hold = await helm.OwnAsync(step.Release, cluster.Access, ownership, options.AsUninstall(Recovery.None), ct);
        await helm.UninstallAsync(step.Release, cluster.Access, options, ct);
        if (!options.Uninstall.KeepHistory)
            hold.Gone();
        await cluster.View.WaitUntilGoneAsync(step.Release, ct);
        return new ServiceResult(step.Release);
    }
}
