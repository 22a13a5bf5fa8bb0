using Fleet.Helm.Releases;
using Fleet.StateManager.Health;

namespace Fleet.StateManager.ServiceSets;

/// <summary>What is known of the releases in a managed cluster, from watches: answers from memory.</summary>
internal interface IReleaseView
{
    /// <summary>Null when the cluster has no such release.</summary>
    ReleaseRecord? Find(ReleaseName release);

    /// <param name="owner">For whom the ServiceSet was made: see <see cref="Health.Custom.HealthRuleOwner"/>.</param>
    ReleaseHealth HealthOf(ReleaseName release, string owner);

    /// <summary>
    /// Waits (a few seconds at most) until the view has seen a revision that Helm has just made, so that the next plan does not take its own work for
    /// somebody else's; gives the health of the objects as they are now: those that the revision has changed are read freshly.
    /// </summary>
    Task<ReleaseHealth> CatchUpAsync(ReleaseName release, int revision, string owner, CancellationToken ct);

    /// <summary>The same after an uninstall.</summary>
    Task WaitUntilGoneAsync(ReleaseName release, CancellationToken ct);
}
