using Fleet.Contracts.Clusters;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Where a rollout is, and what it needs now.</summary>
internal sealed record RolloutPlan
{
    /// <summary>One of <see cref="UpgradePhases"/>: ControlPlane, Workers or Completed.</summary>
    public required string Phase { get; init; }

    /// <summary>Null when the cluster has none that is known here.</summary>
    public MachineProgress? ControlPlane { get; init; }

    /// <summary>Null when the cluster has no pools.</summary>
    public MachineProgress? Workers { get; init; }

    /// <summary>Pools whose turn has come.</summary>
    public IReadOnlyList<LiveObject> Continue { get; init; } = [];

    /// <summary>Superseded templates that no machine uses any more.</summary>
    public IReadOnlyList<LiveObject> Delete { get; init; } = [];

    /// <summary>Superseded templates that the release has again.</summary>
    public IReadOnlyList<LiveObject> Restore { get; init; } = [];

    /// <summary>What is waited for, for people.</summary>
    public string Waits { get; init; } = "";
}
