using System.Data.Common;
using Fleet.Control.Clusters;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Backfill;
using Fleet.Observability.Collection.Agents;
using Fleet.Observability.Kubelets;
using Fleet.Observability.Ledger;
using Fleet.Observability.Pricing;

namespace Fleet.Observability.Collection;

/// <summary>
/// Looks at one cluster: what it has and uses becomes hours, and from time to time the hours become rows of the ledger. Runs in the grain of the cluster, again and again.
/// </summary>
internal sealed partial class CollectionReconciler(
    IKubernetesClient management, PriceSheets prices, ClusterLooker looker, AgentLooks agents, StoredLooks stored, LedgerWriter ledger, BalanceMetrics balances, BackfillQueue backfill, CollectionOptions options,
    TimeProvider clock, IJitterSource jitter, IEnumerable<ILookObserver> observers, ILogger<CollectionReconciler> log) : IReconciler
{
    private readonly Kubeconfigs kubeconfigs = new(management);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var collection = request.Grain.Part(() => new ClusterCollection(options, balances, clock, jitter));
        if (await management.Resource(FleetKinds.ClusterDeployments).GetAsync(request.Key, ct) is not { Spec.DryRun: not true } deployment)
        {
            await collection.Connection.DisposeAsync();
            balances.Forget(collection.ClusterUid);
            agents.Forget(collection.ClusterUid);
            if (collection.ClusterUid.Length > 0)
                foreach (var observer in observers)
                    await observer.GoneAsync(collection.ClusterUid, request.Ownership, ct);
            return Outcome.Done;
        }
        try
        {
            if (CollectionMode.IsByAgent(deployment.Metadata.Annotations))
                return await FromAgentAsync(request, collection, deployment, ct);
            agents.Done(deployment.Metadata.Uid ?? "", LookVerdict.NotByAgent);
            if (await kubeconfigs.FindAsync(request.Key, ct) is not { } kubeconfig)
                return Outcome.Waiting("NoKubeconfig", options.Every);
            var cluster = await collection.Connection.EnsureAsync(kubeconfig, ct);
            if (!collection.IsOf(cluster.Opening.Uid))
                collection.Begin(cluster.Opening.Uid, await ledger.SeenUntilAsync(cluster.Opening.Uid, ct));
            var look = await looker.LookAsync(
                cluster.Opening.Client, cluster.Opening.Uid, cluster.Objects, new ProxiedKubelets(cluster.Opening.Client), KubeletSources.Of(deployment.Metadata.Annotations, options.Kubelets), ct);
            await TakeAsync(request, collection, deployment, cluster.Opening.Client, look, ct);
            if (look.Seen.Nodes.Any(node => node.IsSimulated))
                backfill.Offer(cluster.Opening.Uid, request.Key.ToString(), look.Seen, () => prices.For(deployment), request.Ownership);
            await WriteWhenDueAsync(request, collection, deployment, look, ct);
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

    /// <summary>The cluster's agent looks at it, and nobody asks its API server. It is known by the uid of its ClusterDeployment: what an agent says that it is would be taken on trust.</summary>
    private async Task<Outcome> FromAgentAsync(ReconcileRequest request, ClusterCollection collection, ClusterDeployment deployment, CancellationToken ct)
    {
        var uid = deployment.Metadata.Uid ?? "";
        await collection.Connection.DisposeAsync();
        // What came by another replica first: an agent sends one after the other.
        foreach (var one in await StoredAsync(uid, ct))
        {
            await TakeOfAgentAsync(request, collection, deployment, (await LookBody.ReadAsync(one.Body)).ToLook(uid, one.Offset), ct);
            await stored.TakenAsync(uid, one.Sequence, request.Ownership, ct);
        }
        while (agents.Next(uid) is { } offered)
        {
            await TakeOfAgentAsync(request, collection, deployment, offered.Look, ct);
            agents.Done(uid, LookVerdict.Taken);
        }
        return Outcome.After(options.Every);
    }

    private async Task TakeOfAgentAsync(ReconcileRequest request, ClusterCollection collection, ClusterDeployment deployment, SeenLook look, CancellationToken ct)
    {
        var uid = deployment.Metadata.Uid ?? "";
        if (!collection.IsOf(uid))
            collection.Begin(uid, await ledger.SeenUntilAsync(uid, ct));
        // After a kill of the agent one may come that was taken before.
        if (look.Time <= collection.Book.LastLook)
            return;
        await TakeAsync(request, collection, deployment, null, look, ct);
        await WriteWhenDueAsync(request, collection, deployment, look, ct);
    }

    private async Task<IReadOnlyList<StoredLook>> StoredAsync(string uid, CancellationToken ct)
    {
        try
        {
            return await stored.OfAsync(uid, ct);
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            // They wait there; what came to us counts all the same.
            return [];
        }
    }

    /// <summary>A look becomes part of the cluster's hours.</summary>
    /// <param name="client">Into the cluster; null when it is not reached from here.</param>
    private async Task TakeAsync(ReconcileRequest request, ClusterCollection collection, ClusterDeployment deployment, IKubernetesClient? client, SeenLook look, CancellationToken ct)
    {
        // Nothing uses more than the largest machine has.
        var cores = look.Seen.Nodes.Count == 0 ? (double?)null : look.Seen.Nodes.Max(node => node.Cores);
        var (increases, _) = collection.Counters.Take(look.Told.Counters, key => key.Amount == CountedAmount.CpuSeconds ? cores : null);
        var usage = look.Told.Over(look.Usage, increases);
        collection.Flush = stop => WriteAsync(request, collection, deployment, look, stop);
        collection.Book.Look(look.Seen, look.Departed, usage, look.Time, look.Ahead, new(KubeletLook.TrafficOf(increases), look.Told.VolumesUsed));
        var told = new ClusterLook(deployment.Metadata.Key.ToString(), collection.ClusterUid, request.Grain, client, prices.For(deployment), look.Seen, usage, look.Time);
        foreach (var observer in observers)
            await observer.LookedAsync(told, ct);
    }

    private Task WriteWhenDueAsync(ReconcileRequest request, ClusterCollection collection, ClusterDeployment deployment, SeenLook look, CancellationToken ct) =>
        clock.GetUtcNow() - collection.Written < options.WriteEvery ? Task.CompletedTask : WriteAsync(request, collection, deployment, look, ct);

    private async Task WriteAsync(ReconcileRequest request, ClusterCollection collection, ClusterDeployment deployment, SeenLook look, CancellationToken ct)
    {
        if (collection.Book.Hours.Count == 0)
            return;
        var seen = look.Seen;
        var (name, book, metadata) = (deployment.Metadata.Key.ToString(), prices.For(deployment), new PodMetadata(seen.Namespaces, seen.Services));
        var hours = collection.Book.Hours;
        if (collection.Book.LastLook is { } until)
        {
            var batch = new LedgerBatch(
                collection.ClusterUid, name, until, [.. hours.Select(hour => HourPrices.Price(hour, name, book, metadata))], [.. hours.Select(HourCoverage.Of)], look.Problems)
            {
                Owner = request.Ownership, IsSimulated = seen.Nodes.Any(node => node.IsSimulated),
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

    [LoggerMessage(3201, LogLevel.Information, "Cluster {Cluster} is not looked at: {Reason}")]
    private partial void LogAway(ObjectKey cluster, string reason);

    [LoggerMessage(3203, LogLevel.Error, "Costs of cluster {Cluster} do not add up to the {Assets} {Currency} that are paid, by {Difference}: {Faults}")]
    private partial void LogUnbalanced(string cluster, double assets, string currency, double difference, string faults);

    [LoggerMessage(3202, LogLevel.Warning, "The ledger of costs does not answer ({Error}); hours are kept in memory until it does")]
    private partial void LogLedger(string error);
}
