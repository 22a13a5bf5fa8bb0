namespace Fleet.Control.Ownership;

/// <summary>
/// When each Lease was last seen to change, by our own monotonic clock: times that others wrote are not trusted. Safe for concurrent use, since watches report while the
/// keeper asks.
/// </summary>
internal sealed class LeaseSightings(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Version, long At)> seen = new(StringComparer.Ordinal);

    public void See(string lease, string version)
    {
        lock (gate)
            if (!seen.TryGetValue(lease, out var known) || known.Version != version)
                seen[lease] = (version, clock.GetTimestamp());
    }

    public void Forget(string lease)
    {
        lock (gate)
            seen.Remove(lease);
    }

    /// <summary>Leases that have not changed for their duration, with the version that is to be deleted: a renewal that nobody saw makes that fail.</summary>
    public IReadOnlyList<(string Lease, string Version)> Expired(Func<string, TimeSpan?> durationOf)
    {
        lock (gate)
            return [.. seen.Where(s => durationOf(s.Key) is { } duration && clock.GetElapsedTime(s.Value.At) >= duration).Select(s => (s.Key, s.Value.Version))];
    }
}
