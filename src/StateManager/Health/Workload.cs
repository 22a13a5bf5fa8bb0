using Fleet.Control.Health;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Health;

/// <summary>
/// A Deployment, StatefulSet or DaemonSet of a release, reduced to what health needs: this is all that is kept of it in memory.
/// <see cref="Why"/> names the object and is empty when it is healthy.
/// </summary>
internal sealed record Workload(ReleaseName Release, WorkloadId Id, WorkloadVerdict Verdict, string Why);

/// <summary>Which spec of which object a verdict is about.</summary>
internal readonly record struct WorkloadId(string Kind, ObjectKey Key, string Uid, long Generation)
{
    /// <summary>The same object, at this generation or a later one.</summary>
    public bool IsAsNewAs(WorkloadId other) => Kind == other.Kind && Key == other.Key && Uid == other.Uid && Generation >= other.Generation;
}
