using Fleet.ClusterManager.Regions;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>What was seen of a cluster, what was to be done about it, and what came of that.</summary>
internal sealed record ClusterRound(ClusterFacts Facts, ClusterPlan Plan, ClusterResults Results);

/// <summary>One round of work on a ClusterDeployment: facts, plan, application, where its CAPI objects are.</summary>
internal sealed class ClusterWork(ClusterFactsReader facts, ClusterApplier applier, ClusterParts parts)
{
    /// <summary>A region that is lost in the middle of it is a result, as it is when it was away before: nothing of the cluster has failed by that.</summary>
    public async Task<ClusterRound> DoAsync(ClusterDeployment cluster, ClusterPlace place, ReconcileRequest request, CancellationToken ct)
    {
        if (place.Host is null)
            return await RoundAsync(cluster, place, request, ct);
        Exception? failure;
        try
        {
            using var limit = place.Limit(ct);
            var round = await RoundAsync(cluster, place, request, limit.Token);
            failure = round.Results.ReleaseFailure as Exception ?? (round.Results.Failures.Count > 0 ? round.Results.Failures[0] : null);
            if (failure is null || await place.AfterAsync(failure, ct) is not { } away)
                return round;
            return await WithoutRegionAsync(cluster, away, request, ct);
        }
        catch (Exception e) when (place.Region is not null && (e is KubeApiException || (e is OperationCanceledException && !ct.IsCancellationRequested)))
        {
            failure = e;
        }
        return await WithoutRegionAsync(cluster, await place.AfterAsync(failure, ct) ?? throw failure, request, ct);
    }

    private async Task<ClusterRound> WithoutRegionAsync(ClusterDeployment cluster, ClusterPlace away, ReconcileRequest request, CancellationToken ct)
    {
        request.Grain.Part(parts.NewAttempts).Forget();
        return await RoundAsync(cluster, away, request, ct);
    }

    private async Task<ClusterRound> RoundAsync(ClusterDeployment cluster, ClusterPlace place, ReconcileRequest request, CancellationToken ct)
    {
        var seen = await facts.ReadAsync(cluster, place, ct);
        var plan = ClusterPlanner.Plan(seen, parts.Options, parts.Now);
        return new(seen, plan, await applier.ApplyAsync(seen, plan, new(request, place), ct));
    }
}
