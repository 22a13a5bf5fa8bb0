using Fleet.Helm.Owners;
using Fleet.Helm.Releases;

namespace Fleet.Control.Grains;

/// <summary>Releases that belong to a grain.</summary>
public static class GrainReleases
{
    /// <summary>To be held while helm works on the release; costs nothing where grains are not shared out.</summary>
    /// <exception cref="GrainElsewhereException">Another process owns the grain.</exception>
    public static Task<ReleaseHold> OwnAsync(
        this IHelm helm, ReleaseName release, ClusterAccess cluster, GrainOwnership ownership, ReleaseOperation operation, CancellationToken ct) =>
        helm.OwnAsync(release, cluster, ownership.IsShared ? new ReleaseOwner(ownership.Epoch, Environment.MachineName, ownership.ProveAsync) : null, operation, ct);
}
