using System.Collections.Concurrent;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Compliance.Findings;

namespace Fleet.StateManager.Compliance.Collection;

/// <summary>Every cluster that is watched, and which of them have changed since the recorder looked. Safe from any thread.</summary>
internal sealed class ComplianceBook : IDisposable
{
    private readonly ConcurrentDictionary<ObjectKey, ComplianceWatches> watches = new();
    private readonly ConcurrentDictionary<ObjectKey, string> problems = new();
    private readonly ConcurrentDictionary<ObjectKey, bool> changed = new();
    private readonly SemaphoreSlim signal = new(0, 1);

    /// <summary>From now on these are the eyes on the cluster. Idempotent.</summary>
    public void Attach(ObjectKey cluster, ComplianceWatches now)
    {
        var isBack = problems.TryRemove(cluster, out _);
        if (watches.TryGetValue(cluster, out var old) && ReferenceEquals(old, now))
        {
            if (isBack)
                Changed(cluster);
            return;
        }
        watches[cluster] = now;
        now.Tell(() => Changed(cluster));
    }

    /// <summary>The cluster cannot be connected.</summary>
    public void Missed(ObjectKey cluster, string problem)
    {
        if (problems.TryGetValue(cluster, out var known) && known == problem)
            return;
        problems[cluster] = problem;
        Changed(cluster);
    }

    public void Forget(ObjectKey cluster)
    {
        watches.TryRemove(cluster, out _);
        problems.TryRemove(cluster, out _);
    }

    /// <summary>Null until everything has been seen once over the present connection.</summary>
    public ClusterFindings? Find(ObjectKey cluster) => watches.TryGetValue(cluster, out var eyes) ? eyes.Find() : null;

    /// <summary>Why the cluster is not seen now; null while it is.</summary>
    public string? ProblemOf(ObjectKey cluster) =>
        problems.TryGetValue(cluster, out var problem) ? problem
        : watches.TryGetValue(cluster, out var eyes) ? eyes.Problem
        : "not connected yet";

    public void Changed(ObjectKey cluster)
    {
        changed[cluster] = true;
        try
        {
            if (signal.CurrentCount == 0)
                signal.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Told at the same moment by somebody else, or at the very end.
        }
    }

    /// <summary>Completes when something has changed, or after this time.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider clock, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(longest, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        await signal.WaitAsync(both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>What has changed; not told again unless it changes again.</summary>
    public IReadOnlyList<ObjectKey> Take()
    {
        var taken = changed.Keys.Order().ToList();
        foreach (var cluster in taken)
            changed.TryRemove(cluster, out _);
        return taken;
    }

    public void Dispose() => signal.Dispose();
}
