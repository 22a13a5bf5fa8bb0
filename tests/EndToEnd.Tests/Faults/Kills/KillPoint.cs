using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.EndToEnd.Tests.Faults.Kills;

/// <summary>
/// When the manager is killed: within its start, or, counted from when it reconciles, after a time, after so many writes, or after something that was seen to happen.
/// </summary>
internal sealed record KillPoint(string Name, TimeSpan Delay, int Writes, Func<ClusterChange, bool>? Event, bool IsInStart = false)
{
    /// <summary>A manager whose point does not come is killed nevertheless.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(3);

    /// <summary>What helm does, of clusters and of services alike.</summary>
    public static (string Name, Func<ClusterChange, bool> Is)[] OfReleases { get; } =
    [
        ("a release record is made", change => IsRecord(change) && change.Type == WatchEventType.Added),
        ("a release record is changed", change => IsRecord(change) && change.Type == WatchEventType.Modified),
        ("a release record goes", change => IsRecord(change) && change.Type == WatchEventType.Deleted),
    ];

    /// <param name="random">Decides.</param>
    /// <param name="events">What may be waited for.</param>
    /// <param name="mostWrites">Of those that are counted.</param>
    public static KillPoint Random(Random random, IReadOnlyList<(string Name, Func<ClusterChange, bool> Is)> events, int mostWrites)
    {
        switch (random.Next(10))
        {
            case 0:
                var early = TimeSpan.FromMilliseconds(random.Next(50, 1500));
                return new($"{early.TotalMilliseconds:0} ms into its start", early, 0, null, IsInStart: true);
            case 1 or 2 or 3:
                var delay = TimeSpan.FromMilliseconds(random.Next(10, 2000));
                return new($"after {delay.TotalMilliseconds:0} ms", delay, 0, null);
            case 4 or 5 or 6:
                var writes = random.Next(1, mostWrites);
                return new($"after {writes} writes", TimeSpan.Zero, writes, null);
            default:
                var (name, happens) = events[random.Next(events.Count)];
                var extra = random.Next(0, 60);
                return new($"{extra} ms after {name}", TimeSpan.FromMilliseconds(extra), 0, happens);
        }
    }

    /// <summary>Waits for it. Gives the number of writes until then, and what was seen last.</summary>
    /// <param name="subscribe">To all that may be written.</param>
    /// <param name="counts">Whether a write is one that the manager may have caused.</param>
    public async Task<(int Writes, string At)> ReachAsync(Func<Action<ClusterChange>, IDisposable> subscribe, Func<ClusterChange, bool> counts)
    {
        var reached = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var writes = 0;
        using (subscribe(change =>
        {
            if (counts(change) && (Interlocked.Increment(ref writes) == Writes || Event?.Invoke(change) == true))
                reached.TrySetResult($"{change.Type} {change.Kind.Kind} {change.Key.Name}");
        }))
        {
            if (Event is null && Writes == 0)
                await Task.Delay(Delay, TimeProvider.System, TestContext.Current.CancellationToken);
            else if (await Task.WhenAny(reached.Task, Task.Delay(LongestLife, TimeProvider.System, TestContext.Current.CancellationToken)) == reached.Task)
                await Task.Delay(Delay, TimeProvider.System, TestContext.Current.CancellationToken);
            return (Volatile.Read(ref writes), reached.Task.IsCompletedSuccessfully ? await reached.Task : $"after {Volatile.Read(ref writes)} writes");
        }
    }

    private static bool IsRecord(ClusterChange change) => change.Kind.Kind == "Secret" && change.Key.Name.StartsWith("sh.helm.release.v1.", StringComparison.Ordinal);
}
