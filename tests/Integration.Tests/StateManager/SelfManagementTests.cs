using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing.Processes;
using static Fleet.Integration.Tests.StateManager.StateManagerEnvironment;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Services on the management cluster itself, with real helm: by the kubeconfig that its administrators give, and for nobody else.</summary>
public sealed class SelfManagementTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    private static readonly ResourceKind Services = new("k0rdent.mirantis.com", "v1beta1", "MultiClusterService", "multiclusterservices", false);
    private static readonly ResourceKind Namespaced = new("k0rdent.mirantis.com", "v1beta1", "NamespacedMultiClusterService", "namespacedmulticlusterservices", true);
    private static readonly ResourceKind Sets = new("k0rdent.mirantis.com", "v1beta1", "ServiceSet", "servicesets", true);
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Administrators_install_services_in_the_management_cluster_and_nobody_else_does()
    {
        await ApplyAsync("""
            {apiVersion: v1, kind: Namespace, metadata: {name: kcm-system}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: tools, namespace: kcm-system}, data: {a.yaml: "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {mode: calm}}"}}
            ---
            {apiVersion: k0rdent.mirantis.com/v1beta1, kind: ServiceTemplate, metadata: {name: tools, namespace: kcm-system}, spec: {resources: {localSourceRef: {kind: ConfigMap, name: tools}}}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: MultiClusterService
            metadata: {name: tools}
            spec: {clusterSelector: {}, serviceSpec: {provider: {selfManagement: true, config: {}}, services: [{name: tools, namespace: tools, template: tools}]}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: NamespacedMultiClusterService
            metadata: {name: climbing, namespace: team-a}
            spec: {clusterSelector: {}, serviceSpec: {provider: {selfManagement: true, config: {}}, services: [{name: climbing, namespace: tools, template: tools}]}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ServiceSet
            metadata: {name: climbing, namespace: team-a}
            spec: {cluster: "", provider: {selfManagement: true}, services: [{name: climbing, namespace: tools, template: tools}]}
            """);
        const string Missing = "services reach the management cluster by the kubeconfig of Secret kcm-system/fleet-management-kubeconfig, which does not exist";
        var waiting = await EventuallyAsync(() => GetAsync(Services, ObjectKey.Cluster("tools")), s => Cluster(s)?["message"]?.ToString().Contains(Missing, StringComparison.Ordinal) == true, "waits for a kubeconfig");
        Assert.Equal(("SveltosCluster", "mgmt"), ((string?)Cluster(waiting)!["kind"], (string?)Cluster(waiting)!["name"]));

        await environment.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = "fleet-management-kubeconfig", ["namespace"] = "kcm-system" },
            ["data"] = new JsonObject { ["value"] = Convert.ToBase64String(await File.ReadAllBytesAsync(environment.ManagementKubeconfig, Ct)) },
        });
        await EventuallyAsync(() => GetAsync(ConfigMaps, new("tools", "settings")), o => (string?)o?.At("data", "mode") == "calm", "installed");
        await EventuallyAsync(() => GetAsync(Services, ObjectKey.Cluster("tools")), s => (bool?)Cluster(s)?["deployed"] == true && Condition(s, "Ready")?["status"]?.ToString() == "True", "ready");
        Assert.Equal(["tools"], await ReleasesAsync());
        var set = Assert.Single((await environment.Management.Dynamic(Sets).ListAsync(new() { Namespace = "kcm-system" }, Ct)).Items);
        Assert.StartsWith("management-", set.Metadata.Name, StringComparison.Ordinal);

        // A team's own: told why, and what it writes by hand finds only a kubeconfig of the team's.
        var refused = await EventuallyAsync(() => GetAsync(Namespaced, new("team-a", "climbing")), s => Condition(s, "ServicesReferencesValidation")?["status"]?.ToString() == "False", "refused");
        Assert.Contains("only a MultiClusterService", Condition(refused, "ServicesReferencesValidation")!["message"]!.ToString(), StringComparison.Ordinal);
        var state = await environment.ServiceAsync("climbing", "climbing", "Pending");
        Assert.Contains("Secret team-a/fleet-management-kubeconfig, which does not exist", (string?)state["failureMessage"], StringComparison.Ordinal);

        await environment.Management.Dynamic(Services).PatchAsync(
            ObjectKey.Cluster("tools"), Patch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"serviceSpec":{"provider":{"selfManagement":false}}}}""")!), PatchOptions.Default, Ct);
        await EventuallyAsync(() => GetAsync(ConfigMaps, new("tools", "settings")), o => o is null, "removed");
        await EventuallyAsync(ReleasesAsync, releases => releases.Count == 0, "no release");
    }

    private async Task<IReadOnlyList<string>> ReleasesAsync()
    {
        var output = await ProcessOutput.RunAsync(environment.Helm, ["list", "-A", "--short", "--kubeconfig", environment.ManagementKubeconfig]);
        output.MustSucceed();
        return output.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private async Task ApplyAsync(string yaml)
    {
        foreach (var document in KubernetesYaml.ReadAll(yaml))
            await environment.ApplyAsync(document);
    }

    private Task<DynamicObject?> GetAsync(ResourceKind kind, ObjectKey key) => environment.Management.Dynamic(kind).GetAsync(key, Ct);

    private static JsonNode? Cluster(DynamicObject? seen) => (seen?.At("status", "matchingClusters") as JsonArray)?.FirstOrDefault();

    private static JsonNode? Condition(DynamicObject? seen, string type) => (seen?.At("status", "conditions") as JsonArray)?.FirstOrDefault(condition => (string?)condition!["type"] == type);
}
