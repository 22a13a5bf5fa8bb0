using System.Diagnostics.CodeAnalysis;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Kubernetes.Watching;

/// <summary>
/// Keeps projections of all objects of a kind in memory by list and watch, and heals itself: resumes from the last event or bookmark, lists again when the
/// server has forgotten that version and reports what was missed, deletions included. Handlers are called one at a time, in the order of the changes,
/// on the informer's own task; they should only note keys. Costs no thread while nothing happens.
/// The store is never emptied because the server cannot be reached: ask <see cref="State"/> how fresh it is.
/// </summary>
public sealed class Informer<T, TItem> : IAsyncDisposable
    where T : class, IKubernetesObject
{
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(5);

    private readonly IResourceReader<T> reader;
    private readonly InformerOptions<T, TItem> options;
    private readonly ObjectStore<TItem> store;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock dispatch = new();
    private readonly List<Action<InformerEvent<TItem>>> handlers = [];
    private InformerState state = InformerState.Initial;
    private Task? loop;

    /// <summary>
    /// Failures since a watch last proved to work by an event, a bookmark or some seconds of life. An accepted watch alone proves nothing: a server
    /// that accepts and then answers 410 each time would be listed in a tight loop.
    /// </summary>
    private int troubles;

    public Informer(IResourceReader<T> reader, InformerOptions<T, TItem> options)
    {
        this.reader = reader;
        this.options = options;
        store = new(options.Indices);
    }

    public InformerState State => Volatile.Read(ref state);

    /// <summary>The last exception of a handler; handlers that throw do not stop the informer.</summary>
    public Exception? LastHandlerError { get; private set; }

    public int Count => Synced().Count;

    public IEnumerable<TItem> Items => Synced().Entries.Select(e => e.Value.Item);

    public IEnumerable<ObjectKey> Keys => Synced().Entries.Select(e => e.Key);

    /// <summary>False when there is no such object. Throws <see cref="InformerNotSyncedException"/> before the first list, as all reads do.</summary>
    public bool TryGet(ObjectKey key, [MaybeNullWhen(false)] out TItem item)
    {
        var found = Synced().TryGet(key, out var entry);
        item = entry.Item;
        return found;
    }

    /// <summary>The items that an index of the options gave this value.</summary>
    public IReadOnlyList<TItem> ByIndex(string index, string value) => Synced().ByIndex(index, value);

    /// <summary>Begins to list and watch. Idempotent.</summary>
    public void Start()
    {
        lock (dispatch)
        {
            ObjectDisposedException.ThrowIf(stop.IsCancellationRequested, this);
            loop ??= Task.Run(() => RunAsync(stop.Token));
        }
    }

    /// <summary>Completes when the first list has been read and handed to every handler; while the server cannot be reached it waits on.</summary>
    public Task WaitForSyncAsync(CancellationToken ct) => synced.Task.WaitAsync(ct);

    /// <summary>First reports every known object as added, then each change. Dispose the result to end it.</summary>
    public IDisposable Subscribe(Action<InformerEvent<TItem>> handler)
    {
        lock (dispatch)
        {
            foreach (var (key, entry) in store.Entries)
                Call(handler, new(InformerEventType.Added, key, entry.Item, default));
            handlers.Add(handler);
        }

        return new Subscription(this, handler);
    }

    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (dispatch)
        {
            if (stop.IsCancellationRequested)
                return;
            stop.Cancel();
            running = loop;
        }

        if (running is not null)
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        synced.TrySetCanceled(CancellationToken.None);
        stop.Dispose();
    }

    private ObjectStore<TItem> Synced()
        => State is var now && now.HasSynced ? store : throw new InformerNotSyncedException(typeof(T).Name, now.LastError);

    private async Task RunAsync(CancellationToken ct)
    {
        var version = "";
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (version.Length == 0)
                    version = await ListAsync(ct);
                version = await WatchAsync(version, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // 410 needs a new list; so does an event that could not be read, since resuming before it would meet it again.
                var isGone = e is KubeApiException { IsGone: true };
                version = version.Length == 0 || isGone || e is KubeApiException { Reason: KubeApiException.UnreadableAnswer } ? "" : State.ResourceVersion;
                Failed(e);
                options.Failed?.Invoke(e);
                // The first 410 is normal life; only one that repeats has to wait.
                if (++troubles == 1 && isGone)
                    continue;
                await Task.Delay(Backoff(troubles), options.Clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken ct)
    {
        var list = await reader.ListAsync(
            new() { Namespace = options.Namespace, LabelSelector = options.LabelSelector, FieldSelector = options.FieldSelector, PageSize = options.PageSize },
            item => (item.Metadata.Key, Entry: ObjectStore<TItem>.Entry.Of(options.Project(item), item.Metadata)),
            ct);
        lock (dispatch)
        {
            var present = new HashSet<ObjectKey>(list.Items.Count);
            foreach (var (key, entry) in list.Items)
            {
                present.Add(key);
                Put(key, entry);
            }

            foreach (var key in store.Entries.Select(e => e.Key).Where(k => !present.Contains(k)).ToList())
                Drop(key, null);
            Contact(list.ResourceVersion, s => s with { HasSynced = true, Lists = s.Lists + 1 });
        }

        synced.TrySetResult();
        return list.ResourceVersion;
    }

    /// <summary>Returns the version to resume from when the server has ended the watch in good order.</summary>
    private async Task<string> WatchAsync(string version, CancellationToken ct)
    {
        var started = options.Clock.GetTimestamp();
        var watch = new WatchOptions
        {
            Namespace = options.Namespace,
            LabelSelector = options.LabelSelector,
            FieldSelector = options.FieldSelector,
            ResourceVersion = version,
            Timeout = options.WatchTimeout * (1 + options.Jitter()),
            Opened = () => Contact(version, s => s with { IsWatching = true }),
        };
        var sawAnything = false;
        try
        {
            await foreach (var seen in reader.WatchAsync(watch, ct))
            {
                sawAnything = true;
                if (seen.ResourceVersion.Length > 0)
                    version = seen.ResourceVersion;
                lock (dispatch)
                {
                    Apply(seen);
                    Contact(version, s => s with { IsWatching = true });
                }
            }
        }
        finally
        {
            Change(s => s with { IsWatching = false });
            if (sawAnything || options.Clock.GetElapsedTime(started) >= Proven)
                troubles = 0;
        }

        if (!sawAnything && options.Clock.GetElapsedTime(started) < Proven)
            throw new KubeApiException(0, "WatchEndedAtOnce", "the server ended the watch as soon as it had begun");
        return version;
    }

    private void Apply(WatchEvent<T> seen)
    {
        if (seen.Type == WatchEventType.Bookmark)
            return;
        var key = store.Share(seen.Object.Metadata.Key);
        var entry = ObjectStore<TItem>.Entry.Of(options.Project(seen.Object), seen.Object.Metadata);
        if (seen.Type == WatchEventType.Deleted)
            Drop(key, entry);
        else
            Put(key, entry);
    }

    private void Put(ObjectKey key, ObjectStore<TItem>.Entry entry)
    {
        key = store.Share(key);
        if (!store.TryGet(key, out var before))
        {
            store.Set(key, entry);
            Report(new(InformerEventType.Added, key, entry.Item, default));
            return;
        }

        if (before.Uid != entry.Uid)
        {
            store.Set(key, entry);
            Report(new(InformerEventType.Deleted, key, before.Item, default));
            Report(new(InformerEventType.Added, key, entry.Item, default));
            return;
        }

        if (before.Version == entry.Version)
            return;
        store.Set(key, entry);
        if (options.Unchanged?.Equals(before.Item, entry.Item) != true)
            Report(new(InformerEventType.Updated, key, entry.Item, before.Item));
    }

    private void Drop(ObjectKey key, ObjectStore<TItem>.Entry? last)
    {
        // A late deletion of an earlier object of that name must not take the present one.
        if (last is { } final && store.TryGet(key, out var present) && present.Uid != final.Uid)
            return;
        if (store.Remove(key, out var removed))
            Report(new(InformerEventType.Deleted, key, last is { } l ? l.Item : removed.Item, default));
    }

    private void Report(InformerEvent<TItem> change)
    {
        foreach (var handler in handlers.ToArray())
            Call(handler, change);
    }

    private void Call(Action<InformerEvent<TItem>> handler, InformerEvent<TItem> change)
    {
        try
        {
            handler(change);
        }
        catch (Exception e)
        {
            LastHandlerError = e;
        }
    }

    private void Contact(string version, Func<InformerState, InformerState> change) => Change(s => change(s) with
    {
        LastContact = options.Clock.GetUtcNow(),
        ResourceVersion = version,
        LastError = null,
        FailingSince = null,
        Failures = 0,
    });

    private void Failed(Exception e) => Change(s => s with
    {
        IsWatching = false,
        LastError = e,
        FailingSince = s.FailingSince ?? options.Clock.GetUtcNow(),
        Failures = s.Failures + 1,
    });

    private void Change(Func<InformerState, InformerState> change) => Volatile.Write(ref state, change(state));

    private TimeSpan Backoff(int failures)
    {
        var longest = Math.Min(options.FirstBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 20)), options.LongestBackoff.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * (0.5 + options.Jitter() / 2));
    }

    private sealed class Subscription(Informer<T, TItem> owner, Action<InformerEvent<TItem>> handler) : IDisposable
    {
        public void Dispose()
        {
            lock (owner.dispatch)
                owner.handlers.Remove(handler);
        }
    }
}
