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

    public WatchHistory? HistoryIfAny => Volatile.Read(ref history);

    /// <summary>From here on changes are kept. Called under the store's lock, so that none falls between the revision and the history.</summary>
    public WatchHistory Remember(long revision, TimeProvider clock)
    {
        if (history is { } present) return present;
        var made = new WatchHistory(limits, revision, clock);
        Volatile.Write(ref history, made);
        return made;
    }

    public void Publish(StoreEvent change, TimeProvider clock)
    {
        var past = limits.OnDemand ? history : Remember(state.Revision, clock);
        state = change.Type == WatchEventType.Deleted ? state.Without(change.Previous!, change.Revision) : state.With(change.Object);
        past?.Add(change);
    }

    public void Load(TableState loaded) => state = loaded;
}
