namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>A cluster that needs no credential, in pieces.</summary>
internal static class SimulatedManifests
{
    public static string Cluster(int controlPlanes = 1, int workers = 2, string strategy = "", string region = "", string controlPlane = "Kubeadm") => $$"""
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {name: sim, namespace: default}
        spec:
          infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: SimulatedCluster, name: sim}
          controlPlaneRef: {apiGroup: controlplane.cluster.x-k8s.io, kind: {{controlPlane}}ControlPlane, name: sim-cp}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: SimulatedCluster
        metadata: {name: sim, namespace: default}
        spec: { {{(region.Length == 0 ? "" : "region: " + region)}} }
        ---
        apiVersion: controlplane.cluster.x-k8s.io/v1beta2
        kind: {{controlPlane}}ControlPlane
        metadata: {name: sim-cp, namespace: default}
        spec:
          replicas: {{controlPlanes}}
          version: v1.33.1
          machineTemplate:
            spec:
              infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: SimulatedMachineTemplate, name: sim-machine}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: SimulatedMachineTemplate
        metadata: {name: sim-machine, namespace: default}
        spec:
          template:
            spec: {cpus: 4, memory: 8Gi}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: SimulatedMachineTemplate
        metadata: {name: sim-bigger, namespace: default}
        spec:
          template:
            spec: {cpus: 8, memory: 16Gi}
        ---
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: MachineDeployment
        metadata: {name: sim-md, namespace: default}
        spec:
          clusterName: sim
          replicas: {{workers}}
          {{strategy}}
          selector:
            matchLabels: {pool: workers}
          template:
            metadata:
              labels: {pool: workers}
            spec:
              clusterName: sim
              version: v1.33.1
              bootstrap: {dataSecretName: none}
              infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: SimulatedMachineTemplate, name: sim-machine}
        """;

    public const string Pool = """
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: MachinePool
        metadata: {name: sim-pool, namespace: default}
        spec:
          clusterName: sim
          replicas: 2
          template:
            metadata: {labels: {node.cluster.x-k8s.io/tier: back}}
            spec:
              clusterName: sim
              version: v1.33.1
              bootstrap: {configRef: {apiGroup: bootstrap.cluster.x-k8s.io, kind: KubeadmConfig, name: sim-pool}}
              infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: SimulatedMachinePool, name: sim-pool}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: SimulatedMachinePool
        metadata: {name: sim-pool, namespace: default}
        spec: {cpus: 4, memory: 8Gi}
        ---
        apiVersion: bootstrap.cluster.x-k8s.io/v1beta2
        kind: KubeadmConfig
        metadata: {name: sim-pool, namespace: default}
        spec: {}
        """;
}
