using Fleet.Contracts.Upgrades;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>What decides how a release gets from what it is to what it should be: all reads and renderings are done.</summary>
internal sealed record UpgradeFacts
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Null when nothing is installed.</summary>
    public PlannedTemplate? From { get; init; }

    public required PlannedTemplate To { get; init; }

    /// <summary>Objects of the release as it is.</summary>
    public IReadOnlyList<RenderedObject> Current { get; init; } = [];

    /// <summary>Objects of later revisions that failed or were cut off: some of them may be there.</summary>
    public IReadOnlyList<RenderedObject> HalfMade { get; init; } = [];

    /// <summary>Objects of the release as it should be; null when they could not be rendered, then <see cref="Problems"/> say why.</summary>
    public IReadOnlyList<RenderedObject>? Wanted { get; init; }

    public ClusterVersions Versions { get; init; } = ClusterVersions.Unknown;

    /// <summary>What stands against the change beside what the objects themselves say.</summary>
    public IReadOnlyList<PlanBlocker> Problems { get; init; } = [];
}
