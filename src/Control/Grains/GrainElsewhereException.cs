namespace Fleet.Control.Grains;

/// <summary>Another process owns the grain: whoever gets this stops, and writes nothing.</summary>
public sealed class GrainElsewhereException(GrainId grain) : Exception($"{grain} is owned by another process")
{
    public GrainId Grain { get; } = grain;
}
