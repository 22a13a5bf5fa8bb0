using Fleet.Contracts.Services;
using Fleet.Control.Placement;

namespace Fleet.StateManager.MultiClusterServices;

internal sealed record MultiClusterPlan
{
    public required IReadOnlyList<TargetPlan> Targets { get; init; }

    public IReadOnlyList<RemovalStep> Removals { get; init; } = [];

    public bool AddFinalizer { get; init; }

    /// <summary>Nothing of it is left.</summary>
    public bool RemoveFinalizer { get; init; }
}

/// <summary>One cluster: what its ServiceSet is to hold.</summary>
internal sealed record TargetPlan
{
    public required TargetFacts Facts { get; init; }

    public required string Name { get; init; }

    /// <summary>Null leaves what is there.</summary>
    public ServiceSetSpec? Write { get; init; }

    public PlacementPlan Placement { get; init; } = new([], [], []);

    /// <summary>Everything that is declared is in the set as it is declared.</summary>
    public bool IsComplete { get; init; }
}

/// <param name="Leave">The services stay in the cluster.</param>
/// <param name="Reason">Why it goes, for the log and the event.</param>
internal sealed record RemovalStep(ServiceSet Set, bool Leave, string Reason);
