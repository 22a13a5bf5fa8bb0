namespace Fleet.Helm.Errors;

/// <summary>What went wrong, as far as a caller decides differently.</summary>
public enum HelmErrorKind
{
    /// <summary>Helm failed in a way that is none of the others.</summary>
    Unknown,

    /// <summary>The repository answers, but has no such chart or version.</summary>
    ChartNotFound,

    /// <summary>The chart came, but it is not one: damaged, digest mismatch, too large, forbidden content.</summary>
    ChartInvalid,

    /// <summary>The repository or registry does not answer or answers with a server error.</summary>
    RepositoryUnreachable,

    /// <summary>The repository, registry or cluster refuses the credentials.</summary>
    AuthenticationFailed,

    /// <summary>The values break the chart's schema; see <see cref="HelmException.Violations"/>.</summary>
    ValuesInvalid,

    /// <summary>A template of the chart does not render with these values, or its output is not valid YAML.</summary>
    RenderFailed,

    /// <summary>The cluster refused an object, or a resource did not become ready, or a hook failed.</summary>
    ReleaseFailed,

    /// <summary>Another field manager owns fields that the release states (helm 4, which applies on the server's side); see <c>ReleaseOptions.ForceConflicts</c>.</summary>
    FieldConflict,

    /// <summary>The time limit passed.</summary>
    Timeout,

    /// <summary>Another operation on the release is in progress, or was cut off; see <c>IHelm.RecoverAsync</c>.</summary>
    Locked,

    /// <summary>The API server of the cluster does not answer.</summary>
    ClusterUnreachable,

    /// <summary>There is no usable helm binary.</summary>
    BinaryMissing,

    /// <summary>No space left on the device.</summary>
    DiskFull,

    /// <summary>The release does not exist.</summary>
    ReleaseNotFound,
}
