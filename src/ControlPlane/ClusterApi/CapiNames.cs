namespace Fleet.ControlPlane.ClusterApi;

/// <summary>Labels, annotations and finalizers of Cluster API.</summary>
internal static class CapiNames
{
    public const string ClusterLabel = "cluster.x-k8s.io/cluster-name";
    public const string DeploymentLabel = "cluster.x-k8s.io/deployment-name";
    public const string SetLabel = "cluster.x-k8s.io/set-name";
    public const string ControlPlaneLabel = "cluster.x-k8s.io/control-plane";
    public const string ControlPlaneNameLabel = "cluster.x-k8s.io/control-plane-name";
    public const string PoolLabel = "cluster.x-k8s.io/pool-name";
    public const string TemplateHashLabel = "machine-template-hash";

    public const string PausedAnnotation = "cluster.x-k8s.io/paused";
    public const string ManagedByAnnotation = "cluster.x-k8s.io/managed-by";
    public const string DeleteMachineAnnotation = "cluster.x-k8s.io/delete-machine";
    /// <summary>On a MachineSet: it makes no Machines any more.</summary>
    public const string DisableMachineCreateAnnotation = "cluster.x-k8s.io/disable-machine-create";

    /// <summary>On a Machine: it counts as unhealthy for its MachineHealthCheck.</summary>
    public const string RemediateMachineAnnotation = "cluster.x-k8s.io/remediate-machine";

    /// <summary>On a Machine: its Node is not drained.</summary>
    public const string ExcludeNodeDrainingAnnotation = "machine.cluster.x-k8s.io/exclude-node-draining";

    /// <summary>Prefixes of annotations on Machines that hold a deletion up: before the drain, and before the infrastructure goes.</summary>
    public const string PreDrainHook = "pre-drain.delete.hook.machine.cluster.x-k8s.io";
    public const string PreTerminateHook = "pre-terminate.delete.hook.machine.cluster.x-k8s.io";

    public const string ClonedFromNameAnnotation = "cluster.x-k8s.io/cloned-from-name";
    public const string ClonedFromKindAnnotation = "cluster.x-k8s.io/cloned-from-groupkind";
    public const string MachineAnnotation = "cluster.x-k8s.io/machine";
    public const string RevisionAnnotation = "machinedeployment.clusters.x-k8s.io/revision";

    public const string ClusterFinalizer = "cluster.cluster.x-k8s.io";
    public const string MachineFinalizer = "machine.cluster.x-k8s.io";
    public const string MachineSetFinalizer = "cluster.x-k8s.io/machineset";
    public const string MachineDeploymentFinalizer = "cluster.x-k8s.io/machinedeployment";
    public const string MachinePoolFinalizer = "machinepool.cluster.x-k8s.io";

    public const string SecretType = "cluster.x-k8s.io/secret";
}
