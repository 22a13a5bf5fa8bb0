namespace Fleet.Observability.Ingest.Intake;

/// <summary>The memory that requests may use together. Whoever does not get its part at once is sent away instead of queued, so that a rush cannot pile up.</summary>
internal sealed class MemoryShare
{
    private readonly long all;
    private long free;

    public MemoryShare(long bytes) => (all, free) = (bytes, bytes);

    /// <summary>Null when there is not so much left. Dispose it to give it back.</summary>
    public Part? Take(long wanted)
    {
        // One request alone always gets through, however large the limits of a request are set.
        wanted = Math.Min(wanted, all);
        if (Interlocked.Add(ref free, -wanted) >= 0)
            return new Part(this, wanted);
        Interlocked.Add(ref free, wanted);
        return null;
    }

    public sealed class Part : IDisposable
    {
        private readonly MemoryShare share;
        private long taken;

        internal Part(MemoryShare share, long taken) => (this.share, this.taken) = (share, taken);

        public void Dispose() => Interlocked.Add(ref share.free, Interlocked.Exchange(ref taken, 0));
    }
}
