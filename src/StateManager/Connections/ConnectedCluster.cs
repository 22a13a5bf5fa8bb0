using Fleet.Helm.Releases;

namespace Fleet.StateManager.Connections;

/// <summary>A cluster that answers: its identity, how Helm reaches it, and what is in it.</summary>
/// <param name="ChecksFields">See <see cref="FieldChecks"/>.</param>
internal sealed record ConnectedCluster(string Uid, ClusterAccess Access, ClusterView View, bool ChecksFields);
