namespace Fleet.ClusterManager.Regions;

/// <summary>The connections of this process to regions: opened for the first who needs one, closed after the last.</summary>
internal sealed class RegionConnections(RegionParts parts) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> open = new(StringComparer.Ordinal);

    /// <param name="region">Name of the Region.</param>
    /// <param name="watching">Whether changes of CAPI objects there are to call their clusters.</param>
    public RegionLease Lease(string region, bool watching)
    {
        Entry? entry;
        lock (gate)
        {
            if (!open.TryGetValue(region, out entry))
                open.Add(region, entry = new(new(region, parts)));
            entry.Leases++;
        }
        if (watching)
            entry.Connection.Watch(true);
        return new(entry.Connection, () => ReturnAsync(region, entry, watching));
    }

    public async ValueTask DisposeAsync()
    {
        List<Entry> all;
        lock (gate)
        {
            all = [.. open.Values];
            open.Clear();
        }
        foreach (var entry in all)
            await entry.Connection.DisposeAsync();
    }

    private async ValueTask ReturnAsync(string region, Entry entry, bool watching)
    {
        if (watching)
            entry.Connection.Watch(false);
        lock (gate)
        {
            if (--entry.Leases > 0 || open.GetValueOrDefault(region) != entry)
                return;
            open.Remove(region);
        }
        await entry.Connection.DisposeAsync();
    }

    private sealed class Entry(RegionConnection connection)
    {
        public RegionConnection Connection { get; } = connection;

        public int Leases { get; set; }
    }
}

/// <summary>Keeps a connection open until it is disposed.</summary>
internal sealed class RegionLease(RegionConnection connection, Func<ValueTask> giveBack) : IAsyncDisposable
{
    private Func<ValueTask>? toReturn = giveBack;

    public RegionConnection Connection { get; } = connection;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref toReturn, null)?.Invoke() ?? ValueTask.CompletedTask;
}

/// <summary>Part of a grain: the region that it works through, kept connected as long as the grain is active and stays with it.</summary>
internal sealed class RegionUse(RegionConnections connections, bool watching) : IAsyncDisposable
{
    private RegionLease? lease;

    public async Task<RegionConnection> OfAsync(string region)
    {
        if (lease?.Connection.Name == region)
            return lease.Connection;
        await LeaveAsync();
        lease = connections.Lease(region, watching);
        return lease.Connection;
    }

    public async Task LeaveAsync()
    {
        if (lease is { } last)
            await last.DisposeAsync();
        lease = null;
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();
}
