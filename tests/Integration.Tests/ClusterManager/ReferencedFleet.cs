using System.Text;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Clusters of the catalog that refer to authentications, audit policies, data sources and addresses, and what tests ask about them.</summary>
internal static class ReferencedFleet
{
    public const string Namespace = SimulatedFleet.Namespace;

    public static readonly ResourceKind ControlPlanes = new("controlplane.cluster.x-k8s.io", "v1beta2", "KubeadmControlPlane", "kubeadmcontrolplanes", Namespaced: true);

    /// <summary>A credential whose Secret holds what its provider wants.</summary>
    public static string Credential(string name, string data) => $$$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{{name}}}-identity, namespace: {{{Namespace}}}}
        stringData: { {{{data}}} }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}}}
        spec: { identityRef: { apiVersion: v1, kind: Secret, name: {{{name}}}-identity, namespace: {{{Namespace}}} } }
        """;

    /// <param name="spec">Further fields of the spec, in YAML's flow form.</param>
    public static string Docker(string name, string spec) => $$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}}}
        spec: {template: docker-standalone-cp-0-1-0, credential: docker, config: {controlPlaneNumber: 1, workersNumber: 0}, {{{spec}}}}
        """;

    public static string Authentication(string name, string url, string caSecret = "") => $$$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterAuthentication
        metadata: {name: {{{{name}}}}, namespace: {{{{Namespace}}}}}
        spec:
          {{{{(caSecret.Length > 0 ? $"caSecret: {{name: {caSecret}, key: ca.crt}}" : "")}}}}
          authenticationConfiguration:
            jwt: [{issuer: {url: "{{{{url}}}}", audiences: [kubernetes]}, claimMappings: {username: {claim: email, prefix: ""}}}]
            anonymous: {enabled: false}
        """;

    public static string AuditPolicy(string name) => $$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterAuditPolicy
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}}}
        spec: {policy: {rules: [{level: Metadata}]}}
        """;

    public static string Secret(string name, string key, string value)
    {
        var secret = new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace }, ["stringData"] = new JsonObject { [key] = value },
        };
        return KubernetesYaml.Write(secret);
    }

    public static Task ChangeAsync(this ManagementCluster management, string name, string patch) => management.Client.Dynamic(FleetKinds.ClusterDeployments.Kind).PatchAsync(
        new(Namespace, name), Patch.Merge(JsonNode.Parse(patch)!.AsObject()), PatchOptions.Default, CancellationToken.None);

    public static Task<DynamicObject?> GetAsync(this ManagementCluster management, ResourceKind kind, string name) =>
        management.Client.Dynamic(kind).GetAsync(new(Namespace, name), CancellationToken.None);

    public static async Task<string?> SecretTextAsync(this ManagementCluster management, string name, string key) =>
        (string?)(await management.GetAsync(CoreKinds.Secrets, name))?.At("data", key) is { } value ? Encoding.UTF8.GetString(Convert.FromBase64String(value)) : null;

    /// <summary>Value of an argument of the API server, as the control plane is to have it.</summary>
    public static async Task<string?> ArgumentAsync(this ManagementCluster management, string cluster, string argument) =>
        ((await management.GetAsync(ControlPlanes, cluster + "-cp"))?.At("spec", "kubeadmConfigSpec", "clusterConfiguration", "apiServer", "extraArgs") as JsonArray ?? [])
            .Where(item => (string?)item?["name"] == argument).Select(item => (string?)item!["value"]).FirstOrDefault();

    public static Task GoneAsync(this ManagementCluster management, ResourceKind kind, string name) =>
        ManagementCluster.UntilAsync(() => management.GetAsync(kind, name), found => found is null, found => $"{kind.Kind} {name} is still there: {found?.Root["metadata"]?.ToJsonString()}");
}
