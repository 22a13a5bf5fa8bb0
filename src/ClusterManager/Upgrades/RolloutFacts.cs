namespace Fleet.ClusterManager.Upgrades;

/// <summary>How far machines are after a change of the release: all reads are done.</summary>
internal sealed record RolloutFacts
{
    public required LiveMachines Machines { get; init; }

    /// <summary>Machine templates that left the release and were kept.</summary>
    public IReadOnlyList<LiveObject> Superseded { get; init; } = [];
}
