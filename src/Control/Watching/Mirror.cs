using System.Collections.Concurrent;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Watching;

/// <summary>What a mirror shows.</summary>
public sealed record MirrorScope
{
    public static MirrorScope Everything { get; } = new();

    /// <summary>Null means every namespace.</summary>
    public string? Namespace { get; init; }
    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }
}

/// <summary>
/// The objects of one kind as <typeparamref name="TItem"/>, kept current by list and watch: only what the projection makes of an object stays in memory.
/// A broken watch is resumed where it ended; a version that is too old is listed anew and compared, so that missed deletions are reported.
/// Subscribers are called one change at a time, in order, and must not block. Reading is safe from any thread.
/// </summary>
public sealed class Mirror<T, TItem>(
    IResourceReader<T> reader, MirrorScope scope, Func<T, TItem?> project, TimeProvider clock, IJitterSource jitter)
    where T : class, IKubernetesObject
    where TItem : class
{
    private static readonly Backoff Retry = new() { First = TimeSpan.FromMilliseconds(500), Longest = TimeSpan.FromSeconds(30) };

    /// <summary>A server that ends watches faster than this is asked with back-off, not in a circle.</summary>
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ObjectKey, TItem> items = new();
    private readonly List<Action<MirrorChange<TItem>>> subscribers = [];
    private readonly TaskCompletionSource listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private Task? running;

    public IEnumerable<TItem> Items => items.Values;

    /// <summary>Completes when everything that exists has been listed once.</summary>
    public Task WhenListed => listed.Task;

    /// <summary>Why nothing is heard from the server at present; null while all is well.</summary>
    public string? Problem { get; private set; }

    public TItem? Find(ObjectKey key) => items.GetValueOrDefault(key);

    /// <summary>A later subscriber first gets what is there already, as initial changes.</summary>
    public void Subscribe(Action<MirrorChange<TItem>> subscriber)
    {
        lock (gate)
        {
            foreach (var (key, item) in items)
                subscriber(new MirrorChange<TItem>(key, null, item, true));
            subscribers.Add(subscriber);
        }
    }

    /// <summary>Runs until cancelled; starting it again does nothing.</summary>
    public void Start(CancellationToken ct)
    {
        lock (gate)
            running ??= Task.Run(() => RunAsync(ct), CancellationToken.None);
    }

    private async Task RunAsync(CancellationToken ct)
    {
        var failures = 0;
        string? version = null;
        while (!ct.IsCancellationRequested)
        {
            var started = clock.GetTimestamp();
            try
            {
                version ??= await ListAsync(ct);
                await foreach (var change in reader.WatchAsync(Watch(version), ct))
                {
                    failures = 0;
                    Problem = null;
                    version = change.ResourceVersion;
                    if (change.Type != WatchEventType.Bookmark)
                        Set(change.Object.Metadata.Key, change.Type == WatchEventType.Deleted ? null : project(change.Object), false);
                }
                if (clock.GetElapsedTime(started) >= ShortestWatch)
                    failures = 0;
                else
                    failures++;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }
            catch (KubeApiException e) when (e.IsGone)
            {
                version = null;
                failures++;
            }
#pragma warning disable CA1031 // Whatever breaks a watch, it is taken up again; the reason is shown.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Problem = e.Message;
                failures++;
            }
            if (failures > 0)
                await Task.Delay(Retry.After(failures, jitter), clock, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        listed.TrySetCanceled(ct);
    }

    private WatchOptions Watch(string version) => new()
    {
        Namespace = scope.Namespace,
        LabelSelector = scope.LabelSelector,
        FieldSelector = scope.FieldSelector,
        ResourceVersion = version,
    };

    private async Task<string> ListAsync(CancellationToken ct)
    {
        var list = await reader.ListAsync(
            new() { Namespace = scope.Namespace, LabelSelector = scope.LabelSelector, FieldSelector = scope.FieldSelector }, ct);
        var isInitial = !listed.Task.IsCompleted;
        var present = new HashSet<ObjectKey>();
        foreach (var item in list.Items)
        {
            present.Add(item.Metadata.Key);
            Set(item.Metadata.Key, project(item), isInitial);
        }
        foreach (var key in items.Keys.Where(k => !present.Contains(k)).ToList())
            Set(key, null, false);
        Problem = null;
        listed.TrySetResult();
        return list.ResourceVersion;
    }

    private void Set(ObjectKey key, TItem? after, bool isInitial)
    {
        lock (gate)
        {
            items.TryGetValue(key, out var before);
            if (after is null)
                items.TryRemove(key, out _);
            else
                items[key] = after;
            if ((before is null && after is null) || Equals(before, after))
                return;
            foreach (var subscriber in subscribers)
                subscriber(new MirrorChange<TItem>(key, before, after, isInitial));
        }
    }
}
