namespace Fleet.Control.Grains;

/// <summary>
/// The right of one activation to write. The epoch grows with every owner of the grain; whoever holds an old one must not write any more,
/// locally or remotely: leader election alone is not fencing.
/// </summary>
public sealed class GrainOwnership(GrainId grain, long epoch, IGrainDirectory directory)
{
    public GrainId Grain { get; } = grain;

    public long Epoch { get; } = epoch;

    /// <summary>Whether other processes may become owners.</summary>
    public bool IsShared => directory.IsShared;

    public bool IsCurrent => directory.IsCurrent(Grain, Epoch);

    /// <summary>To be called right before each write.</summary>
    public void EnsureCurrent()
    {
        if (!IsCurrent)
            throw new GrainElsewhereException(Grain);
    }

    /// <summary>
    /// To be called between reading an object and writing it under the version that was read: whoever takes over after the proof either has written the object when our write
    /// comes, which then is a conflict, or has not, and then nothing of theirs is overwritten.
    /// </summary>
    /// <exception cref="GrainElsewhereException">Another process owns the grain.</exception>
    public async ValueTask ProveAsync(CancellationToken ct)
    {
        if (!await directory.ProveAsync(Grain, Epoch, ct))
            throw new GrainElsewhereException(Grain);
    }
}
