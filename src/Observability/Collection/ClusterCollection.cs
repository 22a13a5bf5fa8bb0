using System.Data.Common;
using Fleet.Control.Clusters;
using Fleet.Control.Grains;
using Fleet.Control.Queueing;
using Fleet.Observability.Clusters;
using Fleet.Observability.Hours;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Collection;

/// <summary>Part of a cluster's grain: the connection, what is in the cluster, and the hours that are not in the ledger yet.</summary>
internal sealed class ClusterCollection(CollectionOptions options, BalanceMetrics balances, TimeProvider clock, IJitterSource jitter) : IAsyncDisposable
{
    /// <summary>Within the grace that a grain has to end.</summary>
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(3);

    /// <summary>Twice the pace, and what a busy process may be late: a usage of now says nothing of the time before.</summary>
    private readonly TimeSpan longestStep = 2 * options.Every + TimeSpan.FromSeconds(30);

    public ClusterConnection<CollectedCluster> Connection { get; } = new((opening, ct) => CollectedCluster.OpenAsync(opening, clock, jitter, ct), _ => null, clock, jitter);

    /// <summary>Of the cluster with <see cref="ClusterUid"/>.</summary>
    public HourBook Book { get; private set; } = null!;

    /// <summary>What its kubelets count.</summary>
    public CounterBook Counters { get; private set; } = null!;

    public string ClusterUid { get; private set; } = "";

    /// <summary>When the ledger was written last; what is seen of a new cluster is there after the second look.</summary>
    public DateTimeOffset Written { get; set; }

    /// <summary>Writes what is not in the ledger yet; null when there was no look.</summary>
    public Func<CancellationToken, Task>? Flush { get; set; }

    /// <summary>A cluster that was made anew under its name begins anew.</summary>
    public bool IsOf(string uid) => ClusterUid == uid;

    /// <param name="seenUntil">What the ledger has of it.</param>
    public void Begin(string uid, DateTimeOffset? seenUntil)
    {
        (ClusterUid, Book, Counters, Written) = (uid, new(longestStep, options.LongestGap), new(), default);
        if (seenUntil is { } known)
            Book.Resume(known);
    }

    public async ValueTask DisposeAsync()
    {
        await FlushAsync();
        // Another process may look at it from now on, and counts it then.
        balances.Forget(ClusterUid);
        await Connection.DisposeAsync();
    }

    /// <summary>Whoever looks at it next goes on from what is in the ledger, and knows of the time since then what ran, but not what it used.</summary>
    private async Task FlushAsync()
    {
        if (Flush is not { } flush)
            return;
        using var limit = new CancellationTokenSource(LongestFlush, clock);
        try
        {
            await flush(limit.Token);
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException or OperationCanceledException or GrainElsewhereException)
        {
            // It is as after a kill.
        }
    }
}

/// <summary>A cluster that answers.</summary>
internal sealed record CollectedCluster(ClusterOpening Opening, ClusterObjects Objects) : IAsyncDisposable
{
    public static async Task<CollectedCluster> OpenAsync(ClusterOpening opening, TimeProvider clock, IJitterSource jitter, CancellationToken ct)
    {
        var objects = new ClusterObjects(opening.Client, clock, jitter);
        try
        {
            await objects.StartAsync(ct);
            return new(opening, objects);
        }
        catch
        {
            await objects.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Objects.DisposeAsync();
}
