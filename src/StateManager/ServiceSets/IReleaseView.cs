using Fleet.Helm.Releases;
using Fleet.StateManager.Health;

namespace Fleet.StateManager.ServiceSets;

/// <summary>What is known of the releases in a managed cluster, from watches: answers from memory.</summary>
internal interface IReleaseView
{
    /// <summary>Null when the cluster has no such release.</summary>
    ReleaseRecord? Find(ReleaseName release);

    ReleaseHealth HealthOf(ReleaseName release);

    /// <summary>
    /// Waits (briefly: a few seconds at most) until the view has seen a revision that Helm has just made, and workloads as they are after it, so that
    /// the next plan does not take its own work for somebody else's.
    /// </summary>
    Task CatchUpAsync(ReleaseName release, int revision, CancellationToken ct);
}
