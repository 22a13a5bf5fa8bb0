using Fleet.ClusterManager.Connections;
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

    /// <summary>Null when there was no kubeconfig to try.</summary>
    public ProbeResult? Probe { get; init; }

    public TimeSpan? ProbeAgain { get; init; }

    /// <summary>Failures of the management API in steps that do not depend on each other.</summary>
    public IReadOnlyList<Exception> Failures { get; init; } = [];
}
