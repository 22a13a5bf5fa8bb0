namespace Fleet.Helm.Releases;

/// <summary>State of a revision in helm's own words.</summary>
public enum ReleaseState { Unknown, Deployed, Uninstalled, Superseded, Failed, Uninstalling, PendingInstall, PendingUpgrade, PendingRollback }

/// <summary>One revision of a release as helm records it.</summary>
public sealed record HelmRelease
{
    public required ReleaseName Name { get; init; }
    public required int Revision { get; init; }
    public required ReleaseState State { get; init; }
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Chart name and version as helm prints them, for instance <c>simple-nginx-1.0.0</c>.</summary>
    public string Chart { get; init; } = "";
    public string AppVersion { get; init; } = "";
    public string Description { get; init; } = "";

    /// <summary>The objects of the release as YAML, hooks left out. Only an upgrade tells them, and not when it had more to say than Fleet keeps.</summary>
    public string? Manifest { get; init; }

    /// <summary>Options that were asked for and that the installed helm does not have.</summary>
    public IReadOnlyList<string> IgnoredOptions { get; init; } = [];

    /// <summary>A helm that was cut off left this revision behind, or one is working on it right now.</summary>
    public bool IsPending => State is ReleaseState.PendingInstall or ReleaseState.PendingUpgrade or ReleaseState.PendingRollback;
}
