namespace Fleet.Control.Grains;

/// <summary>Knows who owns a grain. In one process every grain is ours; behind Leases it may be somebody else's.</summary>
public interface IGrainDirectory
{
    /// <summary>The epoch under which this process may activate the grain, greater than any before; null when another process owns it.</summary>
    ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct);

    /// <summary>Answers from memory at once, and false rather than wrong.</summary>
    bool IsCurrent(GrainId grain, long epoch);

    ValueTask ReleaseAsync(GrainId grain, long epoch);
}
