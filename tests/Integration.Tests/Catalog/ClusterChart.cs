namespace Fleet.Integration.Tests.Catalog;

/// <summary>What the tests know of a cluster chart: the least values it renders with, and what has to be seen in its objects.</summary>
internal sealed record ClusterChart(string Folder, string Infrastructure, string LeastValues)
{
    /// <summary>Where the infrastructure cluster (or <see cref="IdentityKind"/>) names the identity; null: the infrastructure asks for none.</summary>
    public string? IdentityAt { get; init; } = "spec.identityRef.name";

    public string IdentityKind { get; init; } = "Secret";

    /// <summary>The kind that carries the identity, where it is not the infrastructure cluster.</summary>
    public string? IdentityOn { get; init; }

    /// <summary>Whether the infrastructure cluster is kept until all machines are gone.</summary>
    public bool IsKept { get; init; }

    /// <summary>A change of one worker machine, and the kind whose object is replaced by it; null: machines change in place.</summary>
    public (string Values, string Kind)? WorkerChange { get; init; }

    public bool IsKubeadm { get; init; } = true;

    /// <summary>Wrong values and the path that the message must name.</summary>
    public (string Values, string Path)[] Wrong { get; init; } = [];

    public override string ToString() => Folder;

    public static IReadOnlyList<ClusterChart> All { get; } =
    [
        new("aws-standalone-cp", "AWSCluster", "{}")
        {
            IdentityKind = "AWSClusterStaticIdentity", IsKept = true, WorkerChange = ("worker: {instanceType: m7i.large}", "AWSMachineTemplate"),
            Wrong = [("region: Paris", "region"), ("worker: {amiID: x}", "worker.amiID"), ("clusterIdentity: {kind: Secret}", "clusterIdentity.kind"), ("workerNumber: 3", "")],
        },
        new("azure-standalone-cp", "AzureCluster", "subscriptionID: s")
        {
            IdentityKind = "AzureClusterIdentity", IsKept = true, WorkerChange = ("worker: {vmSize: Standard_D4s_v5}", "AzureMachineTemplate"),
            Wrong = [("location: westeurope", "subscriptionID"), ("{subscriptionID: s, worker: {rootVolumeSize: 1}}", "worker.rootVolumeSize")],
        },
        new("gcp-standalone-cp", "GCPCluster", "project: p")
        {
            IdentityAt = "spec.credentialsRef.name", IsKept = true, WorkerChange = ("worker: {instanceType: n2-standard-8}", "GCPMachineTemplate"),
            Wrong = [("region: europe-west1", "project"), ("{project: p, worker: {ipForwarding: true}}", "worker.ipForwarding")],
        },
        new("openstack-standalone-cp", "OpenStackCluster", "{}")
        {
            WorkerChange = ("worker: {flavor: m1.large}", "OpenStackMachineTemplate"),
            Wrong = [("worker: {image: ubuntu}", "worker.image"), ("managedSubnets: [{cidr: many}]", "managedSubnets.0.cidr")],
        },
        new("vsphere-standalone-cp", "VSphereCluster", "{vsphere: {server: v, datacenter: d, datastore: s, resourcePool: r}, controlPlaneEndpointIP: 10.0.0.9}")
        {
            IdentityKind = "VSphereClusterIdentity", WorkerChange = ("worker: {cpus: 8}", "VSphereMachineTemplate"),
            Wrong = [("controlPlaneEndpointIP: 10.0.0.9", "vsphere.server"), ("{vsphere: {server: v, datacenter: d, datastore: s, resourcePool: r}, controlPlaneEndpointIP: host}", "controlPlaneEndpointIP")],
        },
        new("kubevirt-standalone-cp", "KubevirtCluster", "{}")
        {
            IdentityAt = "spec.infraClusterSecretRef.name", WorkerChange = ("worker: {memory: 8Gi}", "KubevirtMachineTemplate"),
            Wrong = [("worker: {memory: lots}", "worker.memory"), ("controlPlane: {runStrategy: Never}", "controlPlane.runStrategy")],
        },
        new("docker-standalone-cp", "DevCluster", "{}")
        {
            IdentityAt = null, IsKept = true, WorkerChange = ("worker: {customImage: \"kindest/node:v1.34.0\"}", "DevMachineTemplate"),
            Wrong = [("kubernetes: {version: latest}", "kubernetes.version")],
        },
        new("simulated-standalone-cp", "SimulatedCluster", "{}")
        {
            IsKubeadm = false, WorkerChange = ("worker: {cpus: 8}", "SimulatedMachineTemplate"), Wrong = [("worker: {memory: lots}", "worker.memory"), ("controlPlaneNumber: 0", "controlPlaneNumber")],
        },
        new("aws-eks", "AWSManagedCluster", "{}")
        {
            IdentityKind = "AWSClusterStaticIdentity", IdentityOn = "AWSManagedControlPlane", IsKubeadm = false, WorkerChange = ("worker: {instanceType: m7i.large}", "AWSMachineTemplate"),
            Wrong = [("addons: [{name: coredns}]", "addons.0"), ("worker: {ami: {eksLookupType: Debian}}", "worker.ami.eksLookupType")],
        },
        new("azure-aks", "AzureASOManagedCluster", "{}")
        {
            IdentityAt = "spec.resources.0.metadata.annotations.serviceoperator~azure~com/credential-from", IsKubeadm = false,
            Wrong = [("machinePools: {system: {count: 0}}", "machinePools.system.count"), ("machinePools: {user: {nodeTaints: [gpu]}}", "machinePools.user.nodeTaints.0")],
        },
        new("gcp-gke", "GCPManagedCluster", "project: p")
        {
            IdentityAt = "spec.credentialsRef.name", IsKept = true, IsKubeadm = false, Wrong = [("region: europe-west1", "project"), ("{project: p, releaseChannel: weekly}", "releaseChannel")],
        },
        new("remote-cluster", "RemoteCluster", "{machines: [{address: 192.0.2.1}, {address: 192.0.2.2, port: 2222}], clusterIdentity: {name: key}}")
        {
            IdentityAt = "spec.sshKeyRef.name", IdentityOn = "RemoteMachine", IsKubeadm = false,
            Wrong = [("machines: [{port: 22}]", "machines.0"), ("k0s: {version: v1.34.2}", "k0s.version")],
        },
    ];

    /// <summary>Rows of a theory: the newest helm for each chart. What both helms render is compared by <see cref="CatalogRenderTests"/>.</summary>
    public static TheoryData<string> Folders => [.. All.Select(c => c.Folder)];

    public static ClusterChart Of(string folder) => All.Single(c => c.Folder == folder);
}
