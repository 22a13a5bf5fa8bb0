namespace Fleet.ControlPlane.ClusterApi.Definitions;

/// <summary>A column of <c>kubectl get</c>; wide ones are shown with <c>-o wide</c>.</summary>
internal sealed record PrinterColumn(string Name, string Path, string Type = "string", bool Wide = false);

/// <summary>The columns of a kind, by its role.</summary>
internal static class PrinterColumns
{
    private static readonly PrinterColumn Age = new("Age", ".metadata.creationTimestamp", "date");
    private static readonly PrinterColumn ClusterLabel = new("Cluster", ".metadata.labels['cluster\\.x-k8s\\.io/cluster-name']");
    private static readonly PrinterColumn ClusterName = new("Cluster", ".spec.clusterName");
    private static readonly PrinterColumn Paused = new("Paused", ".status.conditions[?(@.type==\"Paused\")].status", Wide: true);
    private static readonly PrinterColumn Available = new("Available", ".status.conditions[?(@.type==\"Available\")].status");
    private static readonly PrinterColumn Phase = new("Phase", ".status.phase");
    private static readonly PrinterColumn Version = new("Version", ".spec.template.spec.version");
    private static readonly PrinterColumn Ready = new("Ready", ".status.ready", "boolean");

    private static readonly PrinterColumn[] Replicas =
    [
        new("Desired", ".spec.replicas", "integer"), new("Current", ".status.replicas", "integer"),
        new("Ready", ".status.readyReplicas", "integer"), new("Available", ".status.availableReplicas", "integer"),
        new("Up-to-date", ".status.upToDateReplicas", "integer"),
    ];

    public static IEnumerable<PrinterColumn> Of(KindDefinition kind) => kind.Role switch
    {
        KindRole.Cluster =>
        [
            new("ClusterClass", ".spec.topology.classRef.name"), Available,
            new("CP Desired", ".status.controlPlane.desiredReplicas", "integer"), new("CP Current", ".status.controlPlane.replicas", "integer", Wide: true),
            new("CP Ready", ".status.controlPlane.readyReplicas", "integer", Wide: true),
            new("CP Available", ".status.controlPlane.availableReplicas", "integer"),
            new("CP Up-to-date", ".status.controlPlane.upToDateReplicas", "integer"),
            new("W Desired", ".status.workers.desiredReplicas", "integer"), new("W Current", ".status.workers.replicas", "integer", Wide: true),
            new("W Ready", ".status.workers.readyReplicas", "integer", Wide: true), new("W Available", ".status.workers.availableReplicas", "integer"),
            new("W Up-to-date", ".status.workers.upToDateReplicas", "integer"), Paused, Phase, Age, new("Version", ".spec.topology.version"),
        ],
        KindRole.Machine =>
        [
            ClusterName, new("Node Name", ".status.nodeRef.name"), new("Provider ID", ".spec.providerID", Wide: true),
            new("Ready", ".status.conditions[?(@.type==\"Ready\")].status"), Available,
            new("Up-to-date", ".status.conditions[?(@.type==\"UpToDate\")].status"), Paused, Phase, Age, new("Version", ".spec.version"),
        ],
        KindRole.MachineDeployment => [ClusterName, Available, .. Replicas, Paused, Phase, Age, Version],
        KindRole.MachineSet => [ClusterName, .. Replicas, Paused, Age, Version],
        KindRole.MachinePool => [ClusterName, .. Replicas, Paused, Phase, Age, Version],
        KindRole.ControlPlane =>
        [
            ClusterLabel, Available, .. Replicas, new("Initialized", ".status.initialization.controlPlaneInitialized", "boolean"), Paused, Age,
            new("Version", ".spec.version"),
        ],
        KindRole.BootstrapConfig => [ClusterLabel, new("Data secret created", ".status.initialization.dataSecretCreated", "boolean"), Paused, Age],
        KindRole.InfrastructureCluster => [ClusterLabel, Ready, new("Endpoint", ".spec.controlPlaneEndpoint.host"), Paused, Age],
        KindRole.InfrastructureMachine =>
        [
            ClusterLabel, new("State", ".status.instanceState"), Ready, new("InstanceID", ".spec.providerID"),
            new("Machine", ".metadata.ownerReferences[?(@.kind==\"Machine\")].name"), Age,
        ],
        KindRole.InfrastructureMachinePool => [ClusterLabel, Ready, new("Replicas", ".status.replicas", "integer"), Age],
        KindRole.MachineHealthCheck =>
        [
            ClusterName, new("Expected", ".status.expectedMachines", "integer"), new("Healthy", ".status.currentHealthy", "integer"),
            new("Remediations allowed", ".status.remediationsAllowed", "integer", Wide: true), Paused, Age,
        ],
        KindRole.OperatorProvider => [new("InstalledVersion", ".status.installedVersion"), new("Ready", ".status.conditions[?(@.type=='Ready')].status"), Age],
        KindRole.AddressPool =>
        [
            new("Addresses", ".spec.addresses"), new("Total", ".status.ipAddresses.total", "integer"),
            new("Free", ".status.ipAddresses.free", "integer"), new("Used", ".status.ipAddresses.used", "integer"),
        ],
        _ when kind.Kind == "SveltosCluster" => [Ready, new("Version", ".status.version"), Age],
        _ => [Age],
    };
}
