namespace Fleet.Helm.Releases;

/// <summary>What to do about a helm that was cut off before helm runs again.</summary>
public enum Recovery
{
    /// <summary>Nothing was cut off.</summary>
    None,

    /// <summary>What is wanted is what was cut off: it is made again, without changing back what it has changed. A cluster's machines would be replaced twice for nothing.</summary>
    Repeat,

    /// <summary>Something else is wanted by now: first back to the last good revision, so that what only the interrupted one has made goes away.</summary>
    GoBack,
}

/// <summary>What a release's record says of its content.</summary>
public static class ReleaseLabels
{
    /// <summary>
    /// Label with the fingerprint of what a revision was to be made of. Trusted only while the revision is pending: helm hands labels on to revisions that
    /// others make of other content.
    /// </summary>
    public const string Fingerprint = "fleet-fingerprint";

    /// <summary>Label of a revision in which fields are stated as others had set them, with what it was that left them to others; <see cref="NothingKept"/> in the next one.</summary>
    public const string KeptFields = "fleet-kept-fields";

    /// <summary>Helm hands labels on, so that one that is over has to be written over.</summary>
    public const string NothingKept = "none";
}

/// <summary>Frees a release whose helm was cut off.</summary>
public static class Recoveries
{
    /// <summary>Nothing when nothing was cut off; see <see cref="IHelm.RecoverAsync"/> for when it may be called.</summary>
    public static async Task FreeAsync(this IHelm helm, ReleaseName release, ClusterAccess cluster, Recovery recovery, CancellationToken ct)
    {
        if (recovery == Recovery.GoBack)
            await helm.RecoverAsync(release, cluster, ct);
        else if (recovery == Recovery.Repeat)
            await helm.ForgetPendingAsync(release, cluster, ct);
    }
}
