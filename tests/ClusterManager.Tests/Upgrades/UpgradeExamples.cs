using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Upgrades;
using Fleet.Helm.Versions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ClusterManager.Tests.Upgrades;

/// <summary>A cluster of three control plane machines and two workers as a chart renders it, and as it is seen live.</summary>
internal static class UpgradeExamples
{
    public static IReadOnlyList<RenderedObject> Rendered(
        string version = "v1.33.1", string? workers = null, string instance = "t3-small", int replicas = 2, string extra = "") =>
        RenderedObject.ReadAll(
            $$"""
            apiVersion: cluster.x-k8s.io/v1beta2
            kind: Cluster
            metadata: {name: web}
            ---
            apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
            kind: AWSMachineTemplate
            metadata: {name: web-{{instance}} }
            spec: {template: {spec: {instanceType: {{instance}} } } }
            ---
            apiVersion: controlplane.cluster.x-k8s.io/v1beta2
            kind: KubeadmControlPlane
            metadata: {name: web-cp}
            spec:
              replicas: 3
              version: {{version}}
              machineTemplate: {spec: {infrastructureRef: {kind: AWSMachineTemplate, name: web-cp-template} } }
              kubeadmConfigSpec: {clusterConfiguration: {apiServer: {extraArgs: [{name: cloud-provider, value: external}] } } }
            ---
            apiVersion: cluster.x-k8s.io/v1beta2
            kind: MachineDeployment
            metadata: {name: web-md}
            spec:
              replicas: {{replicas.ToString(CultureInfo.InvariantCulture)}}
              rollout: {strategy: {rollingUpdate: {maxSurge: 2} } }
              template:
                spec:
                  version: {{workers ?? version}}
                  bootstrap: {configRef: {kind: KubeadmConfigTemplate, name: web-worker} }
                  infrastructureRef: {kind: AWSMachineTemplate, name: "web-{{instance}}"}
            {{extra}}
            """,
            "org");

    public static UpgradeFacts Facts(IReadOnlyList<RenderedObject> from, IReadOnlyList<RenderedObject> to) => new()
    {
        Namespace = "org", Name = "web", From = new("aws-1", "aws-0.1.0"), To = new("aws-2", "aws-0.2.0"), Current = from, Wanted = to,
        Versions = Versions("v1.33.1"),
    };

    public static ClusterVersions Versions(string controlPlane, string? newest = null, string? workers = null) => new()
    {
        ControlPlane = SemanticVersion.TryParse(controlPlane),
        NewestControlPlane = SemanticVersion.TryParse(newest ?? controlPlane),
        Workers = new Dictionary<string, SemanticVersion> { ["web-md"] = SemanticVersion.TryParse(workers ?? controlPlane)! },
    };

    public static LiveObject KubeadmControlPlane(string version, int updated, string? reported = null, int generation = 1, int observed = 1) => Live("controlplane.cluster.x-k8s.io", "KubeadmControlPlane", $$"""
        metadata: {name: web-cp, namespace: org, generation: {{generation}} }
        spec: {replicas: 3, version: {{version}}, machineTemplate: {spec: {infrastructureRef: {kind: AWSMachineTemplate, name: web-cp-template} } } }
        status: {replicas: 3, readyReplicas: 3, upToDateReplicas: {{updated}}, version: {{reported ?? version}}, observedGeneration: {{observed}} }
        """);

    public static LiveObject Pool(string version, int updated, bool isHeld = false, string template = "web-t3-small", int running = 2) => Live("cluster.x-k8s.io", "MachineDeployment", $$"""
        metadata: {name: web-md, namespace: org, generation: 1, annotations: { {{(isHeld ? "k0rdent.mirantis.com/held-for-control-plane: web" : "")}} } }
        spec: {replicas: 2, template: {spec: {version: {{version}}, infrastructureRef: {kind: AWSMachineTemplate, name: {{template}} } } } }
        status: {replicas: {{running}}, readyReplicas: {{running}}, upToDateReplicas: {{updated}}, observedGeneration: 1}
        """);

    public static LiveObject Template(string name) => Live("infrastructure.cluster.x-k8s.io", "AWSMachineTemplate", $"metadata: {{name: {name}, namespace: org}}");

    public static LiveObject Set(string template, int replicas, int running) => Live("cluster.x-k8s.io", "MachineSet", $$"""
        metadata: {name: web-md-1, namespace: org}
        spec: {replicas: {{replicas}}, template: {spec: {infrastructureRef: {kind: AWSMachineTemplate, name: {{template}} } } } }
        status: {replicas: {{running}} }
        """);

    public static DynamicObject Machine(string version, bool isControlPlane, bool hasNode = true) => new((JsonObject)KubernetesYaml.Parse($$"""
        metadata: {name: m, namespace: org, labels: { {{(isControlPlane ? "cluster.x-k8s.io/control-plane: ''" : "cluster.x-k8s.io/deployment-name: web-md")}} } }
        spec: {version: {{version}} }
        status: { {{(hasNode ? "nodeRef: {name: node}" : "")}} }
        """)!);

    private static LiveObject Live(string group, string kind, string yaml)
    {
        var root = (JsonObject)KubernetesYaml.Parse(yaml)!;
        root["apiVersion"] = group + "/v1beta2";
        root["kind"] = kind;
        return new(new(group, "v1beta2", kind, kind.ToLowerInvariant() + "s", Namespaced: true), new(root));
    }
}
