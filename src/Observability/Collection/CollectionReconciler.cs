using System.Data.Common;
using Fleet.Control.Clusters;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Backfill;
using Fleet.Observability.Clusters;
using Fleet.Observability.Kubelets;
using Fleet.Observability.Ledger;
using Fleet.Observability.Metrics;
using Fleet.Observability.Pricing;

namespace Fleet.Observability.Collection;

/// <summary>
/// Looks at one cluster: what it has and uses becomes hours, and from time to time the hours become rows of the ledger. Runs in the grain of the cluster, again and again.
/// </summary>
internal sealed partial class CollectionReconciler(
    IKubernetesClient management, PriceSheets prices, PodMetricsReader metrics, KubeletReader kubelets, LedgerWriter ledger, BalanceMetrics balances, BackfillQueue backfill, CollectionOptions options,
    TimeProvider clock, IJitterSource jitter, IEnumerable<ILookObserver> observers, ILogger<CollectionReconciler> log) : IReconciler
{
    private readonly Kubeconfigs kubeconfigs = new(management);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var collection = request.Grain.Part(() => new ClusterCollection(options, clock, jitter));
        if (await management.Resource(FleetKinds.ClusterDeployments).GetAsync(request.Key, ct) is not { Spec.DryRun: not true } deployment)
        {
            await collection.Connection.DisposeAsync();
            balances.Forget(collection.ClusterUid);
            if (collection.ClusterUid.Length > 0)
                foreach (var observer in observers)
                    await observer.GoneAsync(collection.ClusterUid, ct);
            return Outcome.Done;
        }
        if (await kubeconfigs.FindAsync(request.Key, ct) is not { } kubeconfig)
            return Outcome.Waiting("NoKubeconfig", options.Every);
        try
        {
            var cluster = await collection.Connection.EnsureAsync(kubeconfig, ct);
            if (!collection.IsOf(cluster.Opening.Uid))
                collection.Begin(cluster.Opening.Uid, await ledger.SeenUntilAsync(cluster.Opening.Uid, ct));
            var reading = await metrics.ReadAsync(cluster.Opening.Client, ct);
            var seen = cluster.Objects.Snapshot();
            var told = await kubelets.ReadAsync(
                cluster.Opening.Client, cluster.Opening.Uid, seen, KubeletSources.Of(deployment.Metadata.Annotations, options.Kubelets), Ahead(reading.ClockOffset), ct);
            var look = Look(request, collection, cluster, reading, told, deployment);
            foreach (var observer in observers)
                await observer.LookedAsync(look, ct);
            if (seen.Nodes.Any(node => node.IsSimulated))
                backfill.Offer(cluster.Opening.Uid, request.Key.ToString(), seen, () => prices.For(deployment));
            if (collection.Book.Hours.Count > 0 && clock.GetUtcNow() - collection.Written >= options.WriteEvery)
                await WriteAsync(collection, cluster, deployment, reading, told.Problems, ct);
            // Spread out, so that a thousand clusters are not looked at in one moment.
            return Outcome.After(options.Every * (0.9 + 0.2 * jitter.Next()));
        }
        catch (ClusterNotConnectedException e)
        {
            LogAway(request.Key, e.Message);
            return Outcome.Waiting("NotReachable", e.RetryAfter);
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            // Hours stay in memory until it answers. EF wraps what the driver says of a lost connection into InvalidOperationException.
            LogLedger(e.GetType().Name);
            return Outcome.Waiting("LedgerUnavailable", options.Every);
        }
    }

    private ClusterLook Look(
        ReconcileRequest request, ClusterCollection collection, CollectedCluster cluster, PodMetricsReading reading, KubeletLook told, ClusterDeployment deployment)
    {
        var now = clock.GetUtcNow();
        var seen = cluster.Objects.Snapshot();
        var departed = cluster.Objects.TakeDeparted();
        var usage = reading.Of(seen.Pods.Concat(departed.Select(pod => pod.Row)));
        // Nothing uses more than the largest machine has.
        var cores = seen.Nodes.Count == 0 ? (double?)null : seen.Nodes.Max(node => node.Cores);
        var (increases, _) = collection.Counters.Take(told.Counters, key => key.Amount == CountedAmount.CpuSeconds ? cores : null);
        usage = told.Over(usage, increases);
        collection.Book.Look(seen, departed, usage, now, Ahead(reading.ClockOffset), new(KubeletLook.TrafficOf(increases), told.VolumesUsed));
        return new(deployment.Metadata.Key.ToString(), collection.ClusterUid, request.Grain, cluster.Opening.Client, prices.For(deployment), seen, usage, now);
    }

    private async Task WriteAsync(ClusterCollection collection, CollectedCluster cluster, ClusterDeployment deployment, PodMetricsReading reading, IReadOnlyList<string> kubeletProblems, CancellationToken ct)
    {
        var seen = cluster.Objects.Snapshot();
        var (name, book, metadata) = (deployment.Metadata.Key.ToString(), prices.For(deployment), new PodMetadata(seen.Namespaces, seen.Services));
        var hours = collection.Book.Hours;
        if (collection.Book.LastLook is { } until)
        {
            var batch = new LedgerBatch(
                collection.ClusterUid, name, until, [.. hours.Select(hour => HourPrices.Price(hour, name, book, metadata))], [.. hours.Select(HourCoverage.Of)], [.. ProblemsOf(seen, reading), .. kubeletProblems])
            {
                IsSimulated = seen.Nodes.Any(node => node.IsSimulated),
            };
            if (await ledger.AddAsync(batch, ct) && LedgerBalance.Of(batch) is { } balance)
                Check(collection.ClusterUid, name, balance);
        }
        collection.Book.Clear();
        collection.Written = clock.GetUtcNow();
    }

    private void Check(string clusterUid, string name, LedgerBalance balance)
    {
        balances.Checked(clusterUid, balance);
        if (!balance.Holds)
            LogUnbalanced(name, balance.Assets, balance.Currency, balance.Difference, string.Join("; ", balance.Faults));
    }

    private static IReadOnlyList<string> ProblemsOf(ClusterSnapshot seen, PodMetricsReading reading) =>
    [
        .. seen.Problems,
        .. reading.Problem is { } problem ? [problem] : Array.Empty<string>(),
        .. reading is { Problem: null, Containers.Count: 0 } && seen.Pods.Any(pod => pod.Containers.Count > 0) ? ["the metrics API has figures of no pod: usage is not known"] : Array.Empty<string>(),
        .. Ahead(reading.ClockOffset) is { Ticks: not 0 } ahead ? [$"the cluster's clock is {ahead.Duration():g} {(ahead > TimeSpan.Zero ? "ahead" : "behind")}"] : Array.Empty<string>(),
    ];

    /// <summary>HTTP tells seconds, and an answer takes its time: a small difference is none.</summary>
    private static TimeSpan Ahead(TimeSpan offset) => offset.Duration() < TimeSpan.FromSeconds(10) ? TimeSpan.Zero : offset;

    [LoggerMessage(3201, LogLevel.Information, "Cluster {Cluster} is not looked at: {Reason}")]
    private partial void LogAway(ObjectKey cluster, string reason);

    [LoggerMessage(3203, LogLevel.Error, "Costs of cluster {Cluster} do not add up to the {Assets} {Currency} that are paid, by {Difference}: {Faults}")]
    private partial void LogUnbalanced(string cluster, double assets, string currency, double difference, string faults);

    [LoggerMessage(3202, LogLevel.Warning, "The ledger of costs does not answer ({Error}); hours are kept in memory until it does")]
    private partial void LogLedger(string error);
}
