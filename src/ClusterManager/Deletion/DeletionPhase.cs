namespace Fleet.ClusterManager.Deletion;

/// <summary>The phases of a deletion, in order. Names are values of <c>status.deletion.phase</c>.</summary>
internal enum DeletionPhase
{
    /// <summary>Nothing has been touched, and nothing will be: protection, or the breaker.</summary>
    Held,
    /// <summary>Services leave the live cluster.</summary>
    Services,
    /// <summary>Load balancers and volumes that workloads have made leave the live cluster.</summary>
    Workloads,
    /// <summary>The Helm release of the cluster chart is uninstalled.</summary>
    Release,
    /// <summary>Cluster API and the provider take the cluster down.</summary>
    Cluster,
    DataSource,
    Finalizer,
}
