using Fleet.Helm.Releases;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.Connections;

/// <summary>A cluster that answers: its identity, how Helm reaches it, and what is in it.</summary>
/// <param name="Client">Bounded in rate and concurrency, for single objects.</param>
/// <param name="ChecksFields">See <see cref="FieldChecks"/>.</param>
internal sealed record ConnectedCluster(string Uid, ClusterAccess Access, IKubernetesClient Client, ClusterView View, bool ChecksFields);
