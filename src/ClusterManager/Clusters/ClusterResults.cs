using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts.Upgrades;
using Fleet.Helm.Errors;

namespace Fleet.ClusterManager.Clusters;

/// <summary>What came of a plan. Failures are results, so that status is always written.</summary>
internal sealed record ClusterResults
{
    /// <summary>Of this attempt, or of the last one when it is not time for another.</summary>
    public HelmException? ReleaseFailure { get; init; }

    /// <summary>When to try the release again; null when nothing will change without a person.</summary>
    public TimeSpan? ReleaseRetry { get; init; } = TimeSpan.Zero;

    public bool ReleaseChanged { get; init; }

    /// <summary>The rule that kept the release as it is.</summary>
    public PlanBlocker? HeldBy { get; init; }

    /// <summary>What a dry run has found; null when nothing has changed since the last one.</summary>
    public ClusterUpgradePlan? DryRun { get; init; }

    /// <summary>How far machines are after the last change of the release; null when there is nothing to follow.</summary>
    public RolloutPlan? Rollout { get; init; }

    /// <summary>What the spec does not refer to any more has gone, too.</summary>
    public bool LeftoversRemoved { get; init; }

    /// <summary>What is known of the cluster itself.</summary>
    public ClusterContact Contact { get; init; } = ClusterContact.None;

    /// <summary>Failures of the management API in steps that do not depend on each other.</summary>
    public IReadOnlyList<Exception> Failures { get; init; } = [];
}
