namespace Fleet.ClusterManager.Regions;

/// <summary>
/// In which region a cluster is worked on. Where it was made counts for more than what its Credential says now: a cluster does not move, and one that
/// cannot be seen is not made a second time. Pure.
/// </summary>
/// <param name="Region">Null for the management cluster.</param>
/// <param name="Conflict">Why the Credential's region is not taken; null when it is.</param>
internal sealed record RegionChoice(string? Region, string? Conflict = null)
{
    /// <param name="credential">Name of the Credential; null when there is none to tell a region, so that the cluster stays where it is.</param>
    /// <param name="wanted">Region of the Credential; null for the management cluster.</param>
    /// <param name="placed">Region that status says the cluster was worked on in last.</param>
    /// <param name="isInManagement">The release of this very object is in the management cluster.</param>
    /// <param name="isInPlaced">The same for <paramref name="placed"/>; null when that cannot be known now.</param>
    public static RegionChoice Of(string? credential, string? wanted, string? placed, bool isInManagement, bool? isInPlaced)
    {
        if (isInManagement)
            return new(null, credential is null || wanted is null ? null : Text(credential, wanted, "was made in the management cluster"));
        if (credential is null)
            return new(placed);
        if (placed is null || placed == wanted || isInPlaced == false)
            return new(wanted);
        return new(placed, Text(credential, wanted, $"{(isInPlaced == true ? "was" : "may have been")} made in region {placed}"));
    }

    private static string Text(string credential, string? wanted, string place) =>
        $"the Credential {credential} is of {(wanted is null ? "the management cluster" : $"region {wanted}")}, and the cluster {place}: clusters do not move";
}
