namespace Fleet.Control.Grains;

/// <summary>Knows who owns a grain. In one process every grain is ours; behind Leases it may be somebody else's.</summary>
public interface IGrainDirectory
{
    /// <summary>The epoch under which this process may activate the grain, greater than that of any owner before; null when another process owns it.</summary>
    ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct);

    /// <summary>Whether calls to the grain may begin here. Answers from memory at once. False also while the grain is being let go, when what runs may still write.</summary>
    bool Owns(GrainId grain) => true;

    /// <summary>Whether the owner of this epoch may write. Answers from memory at once, and false rather than wrong.</summary>
    bool IsCurrent(GrainId grain, long epoch);

    /// <summary>
    /// Whether other processes may become owners, under greater epochs than ours, also after a restart: what one has found out must come to the others by the store, and what is not
    /// refused by its version has to be won first.
    /// </summary>
    bool IsShared => false;

    /// <summary>
    /// Whether the owner of this epoch may write, as the store has it now: asked afresh where owners are in a store, since a process that was frozen does not know that it was.
    /// What cannot be asked is an exception, never yes.
    /// </summary>
    ValueTask<bool> ProveAsync(GrainId grain, long epoch, CancellationToken ct) => ValueTask.FromResult(IsCurrent(grain, epoch));

    ValueTask ReleaseAsync(GrainId grain, long epoch);

    /// <summary>A turn of the grain took so long, for directories that share grains out by what they cost.</summary>
    void Worked(GrainId grain, TimeSpan took)
    {
    }

    /// <summary>Grains have become ours: whatever exists of them is to be looked at. Raised after <see cref="Owns"/> says so. Never where all of them are ours from the start.</summary>
    event Action? Gained
    {
        add { }
        remove { }
    }
}
