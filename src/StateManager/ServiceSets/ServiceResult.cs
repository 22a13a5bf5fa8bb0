using Fleet.Helm.Releases;
using Fleet.StateManager.Health;

namespace Fleet.StateManager.ServiceSets;

/// <summary>How a step ended. <see cref="Error"/> is null when it worked.</summary>
internal sealed record ServiceResult(ReleaseName Release)
{
    /// <summary>Helm's own words, without secrets.</summary>
    public string? Error { get; init; }

    /// <summary>The revision that Helm made; 0 after an uninstall or a failure.</summary>
    public int Revision { get; init; }

    /// <summary>The version of the revision; null: that of the service's source.</summary>
    public string? Version { get; init; }

    /// <summary>The workloads right after an upgrade.</summary>
    public ReleaseHealth Health { get; init; } = ReleaseHealth.Healthy;

    /// <summary>When the step is tried again after a failure.</summary>
    public TimeSpan RetryAfter { get; init; }
}
