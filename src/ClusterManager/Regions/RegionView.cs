using System.Globalization;

namespace Fleet.ClusterManager.Regions;

internal enum RegionState
{
    Usable,
    /// <summary>Not yet known which cluster is behind its kubeconfig.</summary>
    Connecting,
    Away,
    NotFound,
    /// <summary>Neither kubeConfig nor clusterDeployment leads to a kubeconfig.</summary>
    Misconfigured,
    /// <summary>Behind the kubeconfig is another cluster than the one that clusters were made in.</summary>
    Replaced,
}

/// <summary>A Region as those see it who work through it. Immutable.</summary>
internal sealed record RegionView(string Name, RegionState State)
{
    /// <summary>Of every state but Usable and NotFound. Names no secret.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Nothing is written to it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>When its API server last answered; null when nobody knows.</summary>
    public DateTimeOffset? Answered { get; init; }

    public bool IsUsable => State == RegionState.Usable;

    public bool IsOpen => IsUsable && !IsPaused;

    /// <summary>Changes only when the state does, since it goes into the status of every cluster.</summary>
    public string Text => State switch
    {
        RegionState.Usable => $"Region {Name} answers",
        RegionState.Connecting => $"Region {Name} is being connected to",
        RegionState.NotFound => $"Region {Name} does not exist",
        RegionState.Away => $"Region {Name} does not answer: {Problem}{LastAnswer}",
        _ => $"Region {Name}: {Problem}",
    };

    /// <summary>Upstream's words.</summary>
    public string PauseText => $"Related Region {Name} is paused";

    private string LastAnswer => Answered is { } at ? $"; last answered {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : "";
}
