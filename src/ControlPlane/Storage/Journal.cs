using System.Threading.Channels;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Storage;

/// <summary>
/// Commits changes in batches: stages them against what is published, appends them to the log, flushes once, and only then makes them visible
/// and answers the writers. What a reader sees is therefore always on disk, and a batch that cannot be written leaves no trace in memory.
/// </summary>
internal sealed class Journal : IAsyncDisposable
{
    private const int MostPerBatch = 1_000;

    private readonly Channel<Pending> queue = Channel.CreateUnbounded<Pending>(new() { SingleReader = true });
    private readonly IChangeLog log;
    private readonly TimeProvider clock;
    private readonly Task loop;

    public Journal(IChangeLog log, TimeProvider clock)
    {
        this.log = log;
        this.clock = clock;
        loop = Task.Run(RunAsync);
    }

    public ValueTask<StoredObject?> CommitAsync(ClusterStore store, Change change)
    {
        var pending = new Pending(store, change);
        if (!queue.Writer.TryWrite(pending)) throw ApiErrors.Unavailable("the API server is shutting down");
        return new(pending.Done.Task);
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        log.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<Pending>();
        while (await queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostPerBatch && queue.Reader.TryRead(out var next)) batch.Add(next);
            Commit(batch);
        }
    }

    private void Commit(List<Pending> batch)
    {
        var staged = new Staging(clock.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var pending in batch)
        {
            try
            {
                staged.Add(pending);
            }
            catch (Exception failure)
            {
                pending.Failure = failure;
            }
        }
        try
        {
            if (staged.Entries.Count > 0) log.Append(staged.Entries);
        }
        catch (Exception failure)
        {
            foreach (var pending in batch) pending.Done.TrySetException(ApiErrors.StorageFailed(failure));
            return;
        }
        staged.Publish();
        foreach (var pending in batch)
        {
            if (pending.Failure is { } failure) pending.Done.TrySetException(failure);
            else pending.Done.TrySetResult(pending.Result);
        }
        log.CompactIfDue();
    }

    private sealed class Pending(ClusterStore store, Change change)
    {
        public ClusterStore Store { get; } = store;
        public Change Change { get; } = change;
        public StoredObject? Result { get; set; }
        public Exception? Failure { get; set; }
        public TaskCompletionSource<StoredObject?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What a batch has changed so far, before anybody else may see it.</summary>
    private sealed class Staging(long milliseconds)
    {
        private readonly Dictionary<(ObjectTable, ObjectKey), StoredObject?> overlay = [];
        private readonly Dictionary<ClusterStore, long> revisions = [];
        private readonly Dictionary<ClusterStore, List<(ObjectTable, StoreEvent)>> changes = [];

        public List<LogEntry> Entries { get; } = [];

        public void Add(Pending pending)
        {
            var (store, change) = (pending.Store, pending.Change);
            if (!overlay.TryGetValue((change.Table, change.Key), out var current)) current = change.Table.State.Find(change.Key);
            var next = revisions.GetValueOrDefault(store, store.Revision) + 1;
            if (ClusterStore.Stage(change, current, next, milliseconds) is not { } staged) return;
            revisions[store] = next;
            overlay[(change.Table, change.Key)] = change.Delete ? null : staged.Object;
            if (!changes.TryGetValue(store, out var list)) changes[store] = list = [];
            list.Add((change.Table, staged));
            Entries.Add(new LogEntry(store.Name, change.Table.Name, change.Key, next, change.Delete ? null : staged.Object.Json));
            pending.Result = staged.Object;
        }

        public void Publish()
        {
            foreach (var (store, list) in changes) store.Publish(list);
        }
    }
}
