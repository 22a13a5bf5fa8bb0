using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Storage;

/// <summary>The objects of one cluster: tables by storage name, one revision counter, one order of changes.</summary>
internal sealed class ClusterStore(string name, WatchHistoryLimits limits, TimeProvider clock, Journal? journal)
{
    private readonly Lock gate = new();
    private volatile Dictionary<string, ObjectTable> tables = new(StringComparer.Ordinal);
    private Action<StoreEvent, ObjectTable>[] subscribers = [];
    private long revision = 1;

    public string Name { get; } = name;

    public long Revision => Volatile.Read(ref revision);

    public IReadOnlyCollection<ObjectTable> Tables => tables.Values;

    /// <summary>A store that starts with everything another one has, without copying any object.</summary>
    public static ClusterStore CopyOf(ClusterStore template, string name, WatchHistoryLimits limits, TimeProvider clock)
    {
        var copy = new ClusterStore(name, limits, clock, null) { revision = template.Revision };
        copy.tables = template.tables.ToDictionary(t => t.Key, t => new ObjectTable(t.Key, limits, t.Value.State), StringComparer.Ordinal);
        return copy;
    }

    public ObjectTable Table(string storageName)
    {
        if (tables.TryGetValue(storageName, out var table)) return table;
        lock (gate)
        {
            if (tables.TryGetValue(storageName, out table)) return table;
            var more = new Dictionary<string, ObjectTable>(tables, StringComparer.Ordinal);
            table = more[storageName] = new ObjectTable(storageName, limits);
            table.Load(TableState.Empty with { Revision = revision });
            tables = more;
            return table;
        }
    }

    /// <summary>
    /// A state of the table and the revision it is complete up to. The counter is read first and published last, so nothing at or below
    /// the result is missing from the state.
    /// </summary>
    public (TableState State, long Revision) Snapshot(ObjectTable table)
    {
        var at = Revision;
        var state = table.State;
        return (state, Math.Max(at, state.Revision));
    }

    /// <summary>The table as it was at a revision that the counter has reached; null when changes since then are forgotten. Made by taking back what has changed since.</summary>
    public TableState? At(ObjectTable table, long wanted)
    {
        var since = new List<StoreEvent>();
        TableState state;
        lock (gate)
        {
            state = table.State;
            if (state.Revision > wanted && table.HistoryIfAny?.TryRead(wanted, since, int.MaxValue) != true) return null;
        }
        for (var i = since.Count - 1; i >= 0; i--) state = since[i].Previous is { } before ? state.With(before) : state.Without(since[i].Object, wanted);
        return state with { Revision = Math.Min(state.Revision, wanted) };
    }

    /// <summary>
    /// The recent changes of a kind. Where they are kept on demand, a client that has seen any revision of the kind must have come through here
    /// before, or it is told to list again (410).
    /// </summary>
    public WatchHistory Remember(ObjectTable table)
    {
        if (table.HistoryIfAny is { } present) return present;
        lock (gate) return table.Remember(revision, clock);
    }

    /// <summary>The stored object, or null when the expectation did not hold. Durable (flushed) when it returns, if this store is.</summary>
    public ValueTask<StoredObject?> CommitAsync(Change change) => journal is null ? new(CommitNow(change)) : journal.CommitAsync(this, change);

    public IDisposable Subscribe(Action<StoreEvent, ObjectTable> subscriber)
    {
        lock (gate) subscribers = [.. subscribers, subscriber];
        return new Subscription(this, subscriber);
    }

    public void EndWatches()
    {
        foreach (var table in tables.Values) table.HistoryIfAny?.EndAll();
    }

    public void ForgetOldEvents()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var table in tables.Values) table.HistoryIfAny?.DropOlderThan(now);
    }

    /// <summary>Makes flushed changes visible, in order. Only the journal calls it.</summary>
    internal void Publish(IReadOnlyList<(ObjectTable Table, StoreEvent Event)> changes)
    {
        lock (gate)
        {
            foreach (var (table, change) in changes) Publish(table, change);
        }
        foreach (var table in changes.Select(c => c.Table).Distinct()) table.HistoryIfAny?.Wake();
    }

    internal void Load(string storageName, TableState state) => Table(storageName).Load(state);

    internal void LoadRevision(long loaded) => revision = Math.Max(revision, loaded);

    internal static StoreEvent? Stage(Change change, StoredObject? current, long next, long milliseconds)
    {
        if (change.ExpectedRevision != (current?.Revision ?? 0)) return null;
        var written = ObjectBytes.Write(change.Key, change.Body, next);
        var type = change.Delete ? WatchEventType.Deleted : current is null ? WatchEventType.Added : WatchEventType.Modified;
        return new StoreEvent(type, written, current, milliseconds);
    }

    private StoredObject? CommitNow(Change change)
    {
        StoreEvent? staged;
        lock (gate)
        {
            var current = change.Table.State.Find(change.Key);
            staged = Stage(change, current, revision + 1, clock.GetUtcNow().ToUnixTimeMilliseconds());
            if (staged is null) return null;
            Publish(change.Table, staged);
        }
        change.Table.HistoryIfAny?.Wake();
        return staged.Object;
    }

    private void Publish(ObjectTable table, StoreEvent change)
    {
        table.Publish(change, clock);
        Volatile.Write(ref revision, change.Revision);
        foreach (var subscriber in subscribers) subscriber(change, table);
    }

    private sealed class Subscription(ClusterStore store, Action<StoreEvent, ObjectTable> subscriber) : IDisposable
    {
        public void Dispose()
        {
            lock (store.gate) store.subscribers = [.. store.subscribers.Where(s => s != subscriber)];
        }
    }
}
