using Fleet.Helm.Releases;
using Fleet.StateManager.Drift;

namespace Fleet.StateManager.ServiceSets;

internal enum ServiceAction
{
    /// <summary>Nothing runs; the state may still change.</summary>
    Keep,
    Upgrade,
    /// <summary>To the revision at which a person holds it.</summary>
    Rollback,
    Uninstall,
    /// <summary>It is gone from the cluster: it leaves the status.</summary>
    Forget,
}

/// <summary>What is to be done for one service, and what its state is while that is done.</summary>
internal sealed record PlannedService
{
    public required ServiceFacts Facts { get; init; }

    public required ServiceAction Action { get; init; }

    /// <summary>One of <see cref="Contracts.Services.ServiceStates"/>.</summary>
    public required string State { get; init; }

    public string? Message { get; init; }

    /// <summary>Identifies what the service would be made of; empty when that is not known.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>What runs in the cluster is what is wanted, though its workloads may not be healthy.</summary>
    public bool IsInPlace { get; init; }

    /// <summary>A person keeps it from following its declaration; null when nobody does.</summary>
    public string? Held { get; init; }

    /// <summary>Of a rollback: the revision to go back to.</summary>
    public int ToRevision { get; init; }

    /// <summary>How to free the release first that a killed helm has left pending.</summary>
    public Recovery Recovery { get; init; }

    /// <summary>Null when nothing is known about drift: what was told before stands.</summary>
    public DriftPlan? Drift { get; init; }

    public TimeSpan? CheckAgainAfter { get; init; }

    public ReleaseName Release => Facts.Release;
}
