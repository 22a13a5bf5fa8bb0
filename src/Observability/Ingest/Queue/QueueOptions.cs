namespace Fleet.Observability.Ingest.Queue;

/// <summary>Where acknowledged requests wait until the store has them.</summary>
public sealed record QueueOptions
{
    /// <summary>A folder of its own. One process at a time may have it.</summary>
    public required string Folder { get; init; }

    /// <summary>When there is more, the oldest is given up. At 1.5 bytes a sample (compressed) the default holds more than a day of a thousand small clusters.</summary>
    public long MostBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>What is given up at once, and the size of a file.</summary>
    public long SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>What may be on the way to the disk; beyond it the senders are told to wait.</summary>
    public int MostPending { get; init; } = 256;

    /// <summary>True: a request is answered when the disk has it, and survives a power cut. False: when the kernel has it, and survives only an end of the process.</summary>
    public bool Flush { get; init; } = true;
}
