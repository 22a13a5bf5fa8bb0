using Fleet.Helm.Releases;

namespace Fleet.StateManager.Health;

internal enum WorkloadVerdict { Healthy, Progressing, Failed }

/// <summary>
/// A Deployment, StatefulSet or DaemonSet of a release, reduced to what health needs: this is all that is kept of it in memory.
/// <see cref="Why"/> names the object and is empty when it is healthy.
/// </summary>
internal sealed record Workload(ReleaseName Release, WorkloadVerdict Verdict, string Why);
