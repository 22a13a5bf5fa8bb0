namespace Fleet.Control.Grains;

/// <summary>
/// The right of one activation to write. The epoch grows with every owner of the grain; whoever holds an old one must not write any more,
/// locally or remotely: leader election alone is not fencing.
/// </summary>
public sealed class GrainOwnership(GrainId grain, long epoch, IGrainDirectory directory)
{
    public GrainId Grain { get; } = grain;

    public long Epoch { get; } = epoch;

    public bool IsCurrent => directory.IsCurrent(Grain, Epoch);

    /// <summary>To be called right before each write.</summary>
    public void EnsureCurrent()
    {
        if (!IsCurrent)
            throw new GrainElsewhereException(Grain);
    }
}
