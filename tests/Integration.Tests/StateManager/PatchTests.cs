using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>provider.config.patches on both API servers, with helm's two ways of letting others look at what it has rendered.</summary>
public abstract class PatchCases(DriftEnvironment environment)
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    private const string Patches = """
        - target: {kind: Deployment, namespace: NAME}
          patch: |
            metadata: {labels: {patched: "yes"}}
            spec: {template: {spec: {containers: [{name: web, env: [{name: CLUSTER, value: "{{ default "none" .Cluster }}"}]}]}}}
        - target: {kind: ConfigMap, name: we.}
          patch: |
            - {op: replace, path: /data/color, value: green}
        - patch: '{apiVersion: v1, kind: Service, metadata: {name: nowhere}, spec: {type: NodePort}}'
        """;

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Servers))]
    public async Task What_a_chart_renders_is_patched_kept_so_and_a_bad_patch_changes_nothing(string server)
    {
        var name = $"patch-{Guid.NewGuid():N}"[..14];
        var cluster = await environment.AddServerAsync(name, await ApiServers.SharedAsync(server));
        var key = new ObjectKey(name, "web");
        await environment.ApplyAsync(Set(name, Patches));
        Assert.EndsWith("@1", Hash(await environment.ServiceAsync(name, "web", "Deployed")), StringComparison.Ordinal);
        var deployment = (await cluster.Dynamic(Deployments).GetAsync(key, Ct))!;
        Assert.Equal("yes", (string?)deployment.At("metadata", "labels", "patched"));
        var container = (deployment.At("spec", "template", "spec", "containers") as JsonArray)![0]!;
        // A strategic merge: the list of variables is merged by name, what the chart says stays.
        Assert.Equal(("nginx:1", "CLUSTER none,MODE calm"), ((string?)container["image"], string.Join(',', container["env"]!.AsArray().Select(e => $"{e!["name"]} {e["value"]}").Order())));
        Assert.Equal("green", (string?)(await cluster.Dynamic(ConfigMaps).GetAsync(key, Ct))!.At("data", "color"));

        // Drift is what differs from the patched objects, and goes back to them.
        await cluster.Dynamic(ConfigMaps).PatchAsync(key, Patch.Merge(Json("{data: {color: red}}")), new PatchOptions { FieldManager = "test-editor" }, Ct);
        await environment.BackAsync(cluster, ConfigMaps, key, o => (string?)o?.At("data", "color") == "green", "corrected");
        await environment.NotDriftedAsync(name);

        // One patch of several is wrong: it is named, and nothing of the others is applied.
        await environment.ApplyAsync(Set(name, Patches.Replace("green", "blue", StringComparison.Ordinal) + "\n" + """
            - target: {kind: ConfigMap}
              patch: '[{op: replace, path: /data/nothing/at/all, value: 1}]'
            """));
        var failed = await environment.ServiceAsync(name, "web", "Failed");
        Assert.StartsWith("provider.config.patches[3]: ", (string?)failed["failureMessage"], StringComparison.Ordinal);
        Assert.Contains("/data/nothing/at/all", (string?)failed["failureMessage"], StringComparison.Ordinal);
        Assert.Equal("green", (string?)(await cluster.Dynamic(ConfigMaps).GetAsync(key, Ct))!.At("data", "color"));
        Assert.EndsWith("@1", Hash(failed), StringComparison.Ordinal);

        await environment.ApplyAsync(Set(name, Patches.Replace("green", "blue", StringComparison.Ordinal)));
        await environment.BackAsync(cluster, ConfigMaps, key, o => (string?)o?.At("data", "color") == "blue", "repaired");
        Assert.EndsWith("@2", Hash(await environment.ServiceAsync(name, "web", "Deployed")), StringComparison.Ordinal);
        // Helm's own way back leads to what was patched, and StateManager's forward again.
        await environment.HelmOnAsync(name, "rollback", "web", "1", "-n", name);
        await StateManagerEnvironment.EventuallyAsync(() => environment.GetAsync("ServiceSet", name), s => HashOf(s) is { } hash && !hash.EndsWith("@2", StringComparison.Ordinal), "upgraded again");
        Assert.Equal("blue", (string?)(await cluster.Dynamic(ConfigMaps).GetAsync(key, Ct))!.At("data", "color"));
        await environment.ApplyAsync(Set(name, "[]"));
        await environment.BackAsync(cluster, ConfigMaps, key, o => (string?)o?.At("data", "color") == "red", "without patches");
        await environment.DeleteSetAsync(name);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Manifests_and_policies_are_patched_before_they_are_a_release(string server)
    {
        using var stage = await ManifestStage.OnAsync(environment, server, $"patched-{server[..4]}-{Guid.NewGuid():N}"[..18]);
        await stage.ApplyAsync("""
            {apiVersion: v1, kind: ConfigMap, metadata: {name: NAME}, data: {a.yaml: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {size: small}}"}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: NAME-policy}, data: {a.yaml: "{apiVersion: v1, kind: ConfigMap, metadata: {name: policy, namespace: NAME}, data: {size: small}}"}}
            """);
        await stage.ServeAsync("{resources: {localSourceRef: {kind: ConfigMap, name: NAME}}}");
        await stage.UntilDataAsync("a", "size", "small");
        await stage.ApplyAsync(With(stage, "{op: replace, path: /data/size, value: large}"));
        await stage.UntilDataAsync("a", "size", "large");
        await stage.UntilDataAsync("policy", "size", "large");

        await stage.ApplyAsync(With(stage, "{op: remove, path: /data/color}"));
        var failed = await stage.ServiceAsync("Failed");
        Assert.StartsWith("provider.config.patches[0]: ", (string?)failed["failureMessage"], StringComparison.Ordinal);
        await environment.StatusAsync(stage.Name, s => (s?["conditions"] as JsonArray)?.Any(c =>
            (string?)c!["type"] == "ServiceSetProfile" && (string?)c["status"] == "False" && ((string?)c["message"])!.Contains("patches[0]", StringComparison.Ordinal)) == true, "with the patch in its condition");
        await stage.UntilDataAsync("a", "size", "large");
        await stage.RemoveAsync();
    }

    [Fact]
    public async Task A_diff_shows_what_other_patches_would_change()
    {
        var name = $"pdiff-{Guid.NewGuid():N}"[..14];
        await environment.AddClusterAsync(name);
        await environment.ApplyAsync(Cluster(name));
        await environment.ApplyAsync(Multi(name, "[]"));
        var set = await StateManagerEnvironment.EventuallyAsync(async () => (await environment.Management.Dynamic(
            (await environment.Management.FindKindAsync(GroupVersionKind.Parse("k0rdent.mirantis.com/v1beta1", "ServiceSet"), Ct))!)
            .ListAsync(new() { Namespace = StateManagerEnvironment.Namespace }, Ct)).Items.FirstOrDefault(s => (string?)s.At("spec", "cluster") == name), s => s is not null, "a set");
        await environment.ServiceAsync(set!.Metadata.Name!, "web", "Deployed");
        using var rest = await environment.RestAsync();
        using var body = new StringContent(
            new JsonObject { ["objects"] = new JsonArray(Multi(name, "[{target: {kind: ConfigMap}, patch: '[{op: replace, path: /data/color, value: green}]'}]")), ["manifests"] = true }.ToJsonString(),
            System.Text.Encoding.UTF8, "application/json");
        using var answer = await rest.PostAsync(new Uri("/api/v1/services/diff", UriKind.Relative), body, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.IsSuccessStatusCode, text);
        var service = JsonNode.Parse(text)!["clusters"]![0]!["services"]![0]!;
        Assert.Contains("provider.config.patches changes", service["notes"]!.AsArray().Select(note => (string?)note));
        var changed = Assert.Single(service["changed"]!.AsArray())!;
        Assert.Equal(("ConfigMap", "data.color", "green"), ((string?)changed["kind"], (string?)changed["fields"]![0]!["path"], (string?)changed["fields"]![0]!["to"]));
    }

    private static string With(ManifestStage stage, string operation) => stage.Set().Replace(
        "provider: {}",
        $"provider: {{config: {{policyRefs: [{{kind: ConfigMap, name: NAME-policy}}], patches: [{{target: {{kind: ConfigMap}}, patch: '[{operation}]'}}]}}}}",
        StringComparison.Ordinal);

    private static JsonObject Set(string name, string patches)
    {
        var set = DriftEnvironment.SetOfServer(name, "");
        set["spec"]!["provider"]!["config"]!["patches"] = KubernetesYaml.Parse(patches.Replace("NAME", name, StringComparison.Ordinal));
        return set;
    }

    private static JsonObject Cluster(string name) => Json($$$"""
        {apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterDeployment, metadata: {name: {{{name}}}, namespace: {{{StateManagerEnvironment.Namespace}}}, labels: {stage: {{{name}}} } }, spec: {template: none} }
        """);

    private static JsonObject Multi(string name, string patches) => Json($$$"""
        {apiVersion: k0rdent.mirantis.com/v1beta1, kind: MultiClusterService, metadata: {name: {{{name}}} },
         spec: {clusterSelector: {matchLabels: {stage: {{{name}}} } }, serviceSpec: {provider: {config: {patches: {{{patches}}} } }, services: [{name: web, namespace: {{{name}}}, template: varied}] } } }
        """);

    private static string? Hash(JsonObject service) => (string?)service["lastDeployedHash"];

    private static string? HashOf(DynamicObject? set) => (string?)(set?.At("status", "services") as JsonArray)?[0]?["lastDeployedHash"];

    private static JsonObject Json(string yaml) => (JsonObject)KubernetesYaml.Parse(yaml)!;
}

public sealed class PatchHelm3Tests(DriftEnvironment environment) : PatchCases(environment), IClassFixture<DriftEnvironment>;

public sealed class PatchHelm4Tests(DriftHelm4Environment environment) : PatchCases(environment), IClassFixture<DriftHelm4Environment>;
