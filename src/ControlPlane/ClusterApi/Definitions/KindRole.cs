namespace Fleet.ControlPlane.ClusterApi.Definitions;

/// <summary>Which part of the Cluster API contracts a kind plays.</summary>
internal enum KindRole
{
    /// <summary>Stored only: templates, identities and the like.</summary>
    None,
    Cluster,
    MachineDeployment,
    MachineSet,
    Machine,
    MachinePool,
    MachineHealthCheck,
    ControlPlane,
    BootstrapConfig,
    InfrastructureCluster,
    InfrastructureMachine,
    InfrastructureMachinePool,
    InfrastructureMachineTemplate,
    /// <summary>An object of the Cluster API operator that asks for a provider to be installed.</summary>
    OperatorProvider,
    /// <summary>Addresses that an IPAM provider hands out.</summary>
    AddressPool,
}

/// <summary>Tells the role from group and name, so that kinds of providers that nobody listed take part as soon as their CRDs are there.</summary>
internal static class KindRoles
{
    public const string CoreGroup = "cluster.x-k8s.io";
    public const string InfrastructureGroup = "infrastructure.cluster.x-k8s.io";
    public const string ControlPlaneGroup = "controlplane.cluster.x-k8s.io";
    public const string OperatorGroup = "operator.cluster.x-k8s.io";
    public const string BootstrapGroup = "bootstrap.cluster.x-k8s.io";
    public const string AddressGroup = "ipam.cluster.x-k8s.io";

    public static KindRole Of(string group, string kind) => group switch
    {
        CoreGroup => kind switch
        {
            "Cluster" => KindRole.Cluster,
            "MachineDeployment" => KindRole.MachineDeployment,
            "MachineSet" => KindRole.MachineSet,
            "Machine" => KindRole.Machine,
            "MachinePool" => KindRole.MachinePool,
            "MachineHealthCheck" => KindRole.MachineHealthCheck,
            _ => KindRole.None,
        },
        ControlPlaneGroup => Ends(kind, "ControlPlane") ? KindRole.ControlPlane : KindRole.None,
        OperatorGroup => Ends(kind, "Provider") ? KindRole.OperatorProvider : KindRole.None,
        AddressGroup => kind == "InClusterIPPool" ? KindRole.AddressPool : KindRole.None,
        BootstrapGroup => Ends(kind, "Config") ? KindRole.BootstrapConfig : KindRole.None,
        InfrastructureGroup when Ends(kind, "ControlPlane") => KindRole.ControlPlane,
        InfrastructureGroup when Ends(kind, "MachinePool") => KindRole.InfrastructureMachinePool,
        InfrastructureGroup when kind == "PooledRemoteMachine" => KindRole.None,
        InfrastructureGroup when Ends(kind, "Machine") => KindRole.InfrastructureMachine,
        InfrastructureGroup when Ends(kind, "MachineTemplate") => KindRole.InfrastructureMachineTemplate,
        InfrastructureGroup when Ends(kind, "Cluster") => KindRole.InfrastructureCluster,
        _ => KindRole.None,
    };

    private static bool Ends(string kind, string end) => kind.EndsWith(end, StringComparison.Ordinal);
}
