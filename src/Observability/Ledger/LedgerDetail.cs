namespace Fleet.Observability.Ledger;

/// <summary>How finely costs are read. The coarser, the fewer rows; sums over what a level has are equal in all of them.</summary>
internal enum LedgerDetail
{
    /// <summary>Every container, with labels and the details of assets.</summary>
    Containers,

    /// <summary>A row for each cluster and namespace; of the other properties what all in it have in common, no labels. Nodes and disks are one of each for each cluster.</summary>
    Namespaces,

    /// <summary>Likewise, with a row for each cluster.</summary>
    Clusters,

    /// <summary>No workloads, only what is paid for, with its details.</summary>
    Assets,
}
