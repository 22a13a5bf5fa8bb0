namespace Fleet.Helm.Releases;

/// <summary>Helm's words for the state of a release: what it prints, and what the label <c>status</c> of a release's record says.</summary>
public static class ReleaseStates
{
    /// <summary>A word that no known version of helm uses is <see cref="ReleaseState.Unknown"/>.</summary>
    public static ReleaseState Parse(string words) => words switch
    {
        "deployed" => ReleaseState.Deployed,
        "uninstalled" => ReleaseState.Uninstalled,
        "superseded" => ReleaseState.Superseded,
        "failed" => ReleaseState.Failed,
        "uninstalling" => ReleaseState.Uninstalling,
        "pending-install" => ReleaseState.PendingInstall,
        "pending-upgrade" => ReleaseState.PendingUpgrade,
        "pending-rollback" => ReleaseState.PendingRollback,
        _ => ReleaseState.Unknown,
    };

    public static string Text(ReleaseState state) => state switch
    {
        ReleaseState.Deployed => "deployed",
        ReleaseState.Uninstalled => "uninstalled",
        ReleaseState.Superseded => "superseded",
        ReleaseState.Failed => "failed",
        ReleaseState.Uninstalling => "uninstalling",
        ReleaseState.PendingInstall => "pending-install",
        ReleaseState.PendingUpgrade => "pending-upgrade",
        ReleaseState.PendingRollback => "pending-rollback",
        _ => "unknown",
    };
}
