namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>Clusters named <c>sim</c> of every provider that the kinds are listed for, with one control plane machine and one worker, or managed with a pool.</summary>
internal static class ProviderKinds
{
    public const string Infrastructure = "infrastructure.cluster.x-k8s.io";

    /// <summary>Provider prefix, what its cluster's spec says, what its machines' spec says, start of provider ids, memory of a Node.</summary>
    public static readonly (string Prefix, string Cluster, string Machine, string ProviderId, string Cpu)[] Standalone =
    [
        ("AWS", "{region: eu-central-1}", "{instanceType: m5.xlarge}", "aws:///eu-central-1", "4"),
        ("Azure", "{location: westeurope, subscriptionID: s-1, resourceGroup: rg}", "{vmSize: Standard_D4s_v3}",
            "azure:///subscriptions/s-1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/", "4"),
        ("GCP", "{region: europe-west1, project: demo}", "{instanceType: e2-standard-4}", "gce://demo/europe-west1-", "4"),
        ("OpenStack", "{}", "{flavor: m1.large}", "openstack:///", "4"),
        ("VSphere", "{server: vcenter.test}", "{numCPUs: 8, memoryMiB: 16384}", "vsphere://", "8"),
        ("Kubevirt", "{}", "{virtualMachineTemplate: {spec: {template: {spec: {domain: {cpu: {cores: 6}, memory: {guest: 8Gi}}}}}}}", "kubevirt://", "6"),
        ("Docker", "{}", "{}", "docker:////", "2"),
        ("Dev", "{}", "{}", "docker:////", "2"),
        ("Remote", "{controlPlaneEndpoint: {host: 10.1.1.1, port: 6443}}", "{address: 10.1.1.2, port: 2222}", "remote-machine://10.1.1.2:2222", "2"),
        ("Simulated", "{region: north}", "{cpus: 3, memory: 8Gi}", "simulated://sim/", "3"),
    ];

    /// <summary>Infrastructure cluster, control plane with its API group, pool: of clouds that run control planes themselves.</summary>
    public static readonly (string Cluster, string ControlPlaneGroup, string ControlPlane, string Pool)[] Managed =
    [
        ("AWSManagedCluster", "controlplane.cluster.x-k8s.io", "AWSManagedControlPlane", "AWSManagedMachinePool"),
        ("AzureASOManagedCluster", Infrastructure, "AzureASOManagedControlPlane", "AzureASOManagedMachinePool"),
        ("GCPManagedCluster", Infrastructure, "GCPManagedControlPlane", "GCPManagedMachinePool"),
        ("SimulatedCluster", "controlplane.cluster.x-k8s.io", "K0smotronControlPlane", "SimulatedMachinePool"),
    ];

    public static string StandaloneYaml(string prefix, string cluster, string machine, string version) =>
        SimulatedManifests.Cluster(workers: 1)
            .Replace("spec: {  }", $"spec: {cluster}", StringComparison.Ordinal)
            .Replace("spec: {cpus: 4, memory: 8Gi}", $"spec: {machine}", StringComparison.Ordinal)
            .Replace($"{Infrastructure}/v1beta2", $"{Infrastructure}/{version}", StringComparison.Ordinal)
            .Replace("kind: Simulated", $"kind: {prefix}", StringComparison.Ordinal);

    public static string ManagedYaml(string cluster, string group, string controlPlane, string pool, Func<string, string> version) => $$"""
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {name: sim, namespace: default}
        spec:
          infrastructureRef: {apiGroup: {{Infrastructure}}, kind: {{cluster}}, name: sim}
          controlPlaneRef: {apiGroup: {{group}}, kind: {{controlPlane}}, name: sim-cp}
        ---
        apiVersion: {{Infrastructure}}/{{version(cluster)}}
        kind: {{cluster}}
        metadata: {name: sim, namespace: default}
        spec: {}
        ---
        apiVersion: {{group}}/{{version(controlPlane)}}
        kind: {{controlPlane}}
        metadata: {name: sim-cp, namespace: default}
        spec: {version: v1.33.1}
        ---
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: MachinePool
        metadata: {name: sim-pool, namespace: default}
        spec:
          clusterName: sim
          replicas: 2
          template:
            spec:
              clusterName: sim
              version: v1.33.1
              bootstrap: {dataSecretName: ""}
              infrastructureRef: {apiGroup: {{Infrastructure}}, kind: {{pool}}, name: sim-pool}
        ---
        apiVersion: {{Infrastructure}}/{{version(pool)}}
        kind: {{pool}}
        metadata: {name: sim-pool, namespace: default}
        spec: {}
        """;
}
