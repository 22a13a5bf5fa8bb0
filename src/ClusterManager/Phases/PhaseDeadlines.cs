using Fleet.Contracts.Clusters;

namespace Fleet.ClusterManager.Phases;

/// <summary>How long a cluster may take before it counts as failed rather than as being made. Null: only the whole counts.</summary>
public sealed record PhaseDeadlines
{
    public TimeSpan? Template { get; init; }

    public TimeSpan? Credential { get; init; }

    public TimeSpan? Infrastructure { get; init; }

    public TimeSpan? ControlPlane { get; init; }

    public TimeSpan? Workers { get; init; }

    /// <summary>Services do not make a cluster unready, and do not count for the whole.</summary>
    public TimeSpan? Services { get; init; }

    /// <summary>From the first phase to nodes that are Ready; upstream's limit.</summary>
    public TimeSpan Whole { get; init; } = TimeSpan.FromMinutes(30);

    internal TimeSpan? Of(string phase) => phase switch
    {
        ClusterPhases.Template => Template,
        ClusterPhases.Credential => Credential,
        ClusterPhases.Infrastructure => Infrastructure,
        ClusterPhases.ControlPlane => ControlPlane,
        ClusterPhases.Workers => Workers,
        ClusterPhases.Services => Services,
        _ => null,
    };
}
