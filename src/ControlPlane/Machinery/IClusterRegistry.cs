namespace Fleet.ControlPlane.Machinery;

/// <summary>The clusters that this process serves: the management cluster at <c>/</c>, others at <c>/clusters/&lt;name&gt;</c>.</summary>
public interface IClusterRegistry
{
    IClusterApi Management { get; }

    IReadOnlyCollection<IClusterApi> Clusters { get; }

    IClusterApi? Find(string name);

    /// <summary>Starts serving an in-memory cluster with the objects every new cluster has (namespaces, RBAC, the kubernetes Service). Idempotent.</summary>
    IClusterApi Add(string name);

    /// <summary>Stops serving it; open watches end. False when there was none.</summary>
    bool Remove(string name);

    /// <summary>A kubeconfig (YAML) with cluster-admin rights for a cluster, signed by the process' CA: what a CAPI provider puts into <c>&lt;name&gt;-kubeconfig</c>.</summary>
    string AdminKubeconfig(string name);
}
