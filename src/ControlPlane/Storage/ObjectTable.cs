using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Storage;

/// <summary>Objects of one kind in one cluster, with the recent changes for watchers. Written under the store's lock, read without.</summary>
internal sealed class ObjectTable(string name, WatchHistoryLimits limits)
{
    private volatile TableState state = TableState.Empty;
    private WatchHistory? history;

    public ObjectTable(string name, WatchHistoryLimits limits, TableState initial) : this(name, limits) => state = initial;

    public string Name { get; } = name;

    public TableState State => state;

    /// <summary>Made on first use: most kinds of most clusters are never watched or changed.</summary>
    public WatchHistory History
    {
        get
        {
            if (Volatile.Read(ref history) is { } present) return present;
            Interlocked.CompareExchange(ref history, new WatchHistory(limits, state.Revision), null);
            return history;
        }
    }

    public WatchHistory? HistoryIfAny => Volatile.Read(ref history);

    public void Publish(StoreEvent change)
    {
        var past = History;
        state = change.Type == WatchEventType.Deleted ? state.Without(change.Previous!, change.Revision) : state.With(change.Object);
        past.Add(change);
    }

    public void Load(TableState loaded) => state = loaded;
}
