using Fleet.Helm.Releases;

namespace Fleet.StateManager.Connections;

/// <summary>A cluster that answers: its identity, how Helm reaches it, and what is in it.</summary>
internal sealed record ConnectedCluster(string Uid, ClusterAccess Access, ClusterView View);
