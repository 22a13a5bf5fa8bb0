using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>What happens around services from manifests: restarts, sizes, other owners, who asks for a look.</summary>
public sealed class ManifestLifeTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Fact]
    public async Task A_restart_changes_nothing_and_workloads_decide_whether_it_is_deployed()
    {
        using var stage = await ManifestStage.OnAsync(environment, "embedded", "restart");
        await stage.ApplyAsync(Kustomization("one"));
        await stage.ServeAsync("{kustomize: {localSourceRef: {kind: ConfigMap, name: NAME}}}", "values: 'image: nginx'");
        var before = await stage.ServiceAsync("Deployed");
        Assert.EndsWith("@1", (string?)before["lastDeployedHash"], StringComparison.Ordinal);
        var deployment = await stage.GetAsync(Deployments, "web");
        Assert.Equal(1, (int?)deployment!.At("status", "readyReplicas"));

        await environment.StopServiceAsync();
        await environment.StartServiceAsync();
        // Had the restart made a revision of its own, this would be the third.
        await stage.ApplyAsync(Kustomization("two"));
        await stage.UntilAsync(Deployments, "web", o => (string?)o?.At("metadata", "labels", "mode") == "two", "changed");
        await StateManagerEnvironment.EventuallyAsync(() => stage.ServiceAsync("Deployed"), s => ((string?)s["lastDeployedHash"])?.EndsWith("@2", StringComparison.Ordinal) == true, "revision 2");
        var history = JsonNode.Parse(await environment.HelmAsync("history", stage.Name, "-n", stage.Name, "-o", "json"))!.AsArray();
        Assert.Equal(2, history.Count);
    }

    [Fact]
    public async Task What_helm_can_keep_is_installed_and_what_it_can_not_is_told_before_anything_changes()
    {
        using var stage = await ManifestStage.OnAsync(environment, "kube-apiserver", "room");
        // Noise packs to three quarters, stands in the record twice, and is written in base64: close below the limit.
        await stage.ApplyAsync(Noise(stage, 500_000));
        await stage.ServeAsync("{resources: {localSourceRef: {kind: ConfigMap, name: NAME}}}");
        await stage.ServiceAsync("Deployed");
        Assert.NotNull(await stage.GetAsync(ManifestStage.ConfigMaps, "a"));

        await stage.ApplyAsync(Noise(stage, 540_000));
        await stage.TemplateAsync(status => ((string?)status?["validationError"])?.Contains("too large for one service", StringComparison.Ordinal) == true, "too large");
        await stage.ServiceAsync("Failed");
        Assert.NotNull(await stage.GetAsync(ManifestStage.ConfigMaps, "a"));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_definition_of_somebody_else_is_taken_over_only_when_that_is_said(string server)
    {
        using var stage = await ManifestStage.OnAsync(environment, server, $"owner-{server[..4]}");
        var definition = Definition(stage.Name, "string");
        await stage.Managed.Dynamic(ManifestStage.Definitions).ApplyAsync(definition, new ApplyOptions("somebody"), default);
        await stage.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = stage.Name },
            ["data"] = new JsonObject { ["crd.json"] = Definition(stage.Name, "integer").ToJsonString(), ["a.yaml"] = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}" },
        }.ToJsonString());
        await stage.ServeAsync("{resources: {localSourceRef: {kind: ConfigMap, name: NAME}}}");
        var failed = await stage.ServiceAsync("Failed");
        Assert.Contains("belongs to somebody else", (string?)failed["failureMessage"], StringComparison.Ordinal);
        Assert.Contains("\"somebody\"", (string?)failed["failureMessage"], StringComparison.Ordinal);
        Assert.Null(await stage.GetAsync(ManifestStage.ConfigMaps, "a"));

        await stage.ApplyAsync(stage.Set("helmOptions: {installOptions: {takeOwnership: true}}"));
        await stage.ServiceAsync("Deployed");
        await stage.UntilAsync(ManifestStage.Definitions, $"foos.{stage.Name}.example.org", o => TypeOfSize(o) == "integer", "taken over");
    }

    [Fact]
    public async Task Whoever_changes_a_source_or_asks_for_a_look_does_not_wait_for_its_interval()
    {
        using var stage = await ManifestStage.OnAsync(environment, "embedded", "asked");
        using var git = await GitFolder.CreateAsync();
        await using var https = await GitHttpServer.StartAsync(git.Root);
        await git.CommitAsync(("a.yaml", Settings("one")), ("b/a.yaml", Settings("never")));
        await stage.ServeAsync("{resources: {path: a.yaml, localSourceRef: {kind: GitRepository, name: NAME}}}");
        await stage.TemplateAsync(status => ((string?)status?["validationError"])?.EndsWith("does not exist", StringComparison.Ordinal) == true, "waiting");
        await stage.ApplyAsync(Source("main", "first"));
        await stage.UntilDataAsync("settings", "mode", "one");

        await git.CommitAsync(("a.yaml", Settings("two")));
        await stage.ApplyAsync(Source("main", "second"));
        await stage.UntilDataAsync("settings", "mode", "two");

        await git.GitAsync("checkout", "--quiet", "-b", "other");
        await git.CommitAsync(("a.yaml", Settings("three")));
        await git.GitAsync("push", "--quiet", "origin", "other");
        await stage.ApplyAsync(Source("other", "second"));
        await stage.UntilDataAsync("settings", "mode", "three");

        string Source(string branch, string asked) => $$$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: NAME-ca}
            stringData: {ca.crt: {{{JsonSerializer.Serialize(https.Authority)}}} }
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata: {name: NAME, annotations: {reconcile.fluxcd.io/requestedAt: {{{asked}}} } }
            spec: {url: "{{{https.Address}}}charts.git", interval: 10h, ref: {branch: {{{branch}}} }, secretRef: {name: NAME-ca} }
            """;
    }

    [Fact]
    public async Task One_template_may_have_a_folder_for_each_cluster()
    {
        using var stage = await ManifestStage.OnAsync(environment, "embedded", "folders");
        using var git = await GitFolder.CreateAsync();
        await using var https = await GitHttpServer.StartAsync(git.Root);
        await git.CommitAsync(("blue/a.yaml", Settings("blue")), ("green/kustomization.yaml", "resources: [a.yaml]"), ("green/a.yaml", Settings("green")));
        await stage.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: NAME-ca}
            stringData: {ca.crt: {{JsonSerializer.Serialize(https.Authority)}} }
            """);
        await stage.ServeAsync(
            "{resources: {path: './{{ .Values.color }}', remoteSourceSpec: {git: {url: '" + https.Address + "charts.git', interval: 1h, ref: {branch: main}, secretRef: {name: NAME-ca}}}}}", "values: 'color: blue'");
        await stage.UntilDataAsync("settings", "mode", "blue");
        var status = (await stage.TemplateAsync(seen => (bool?)seen?["valid"] == true, "valid"))!.At("status", "sourceStatus");
        Assert.Equal(("GitRepository", stage.Name), ((string?)status?["kind"], (string?)status?["name"]));

        // What a path comes to mean is looked at for the cluster: nothing there, out of the source, not what the template says it is.
        foreach (var (color, says) in ((string, string)[])[("red", "has no file with manifests (*.yaml, *.yml, *.json) at ./red"), ("../..", "leaves GitRepository"), ("green", "is a kustomization; name its folder in spec.kustomize")])
        {
            await stage.ApplyAsync(stage.Set($"values: 'color: {color}'"));
            var failed = await StateManagerEnvironment.EventuallyAsync(
                () => stage.ServiceAsync("Failed"), s => ((string?)s["failureMessage"])?.Contains(says, StringComparison.Ordinal) == true, says);
            Assert.NotNull(failed);
            await stage.UntilDataAsync("settings", "mode", "blue");
        }
    }

    [Fact]
    public async Task An_annotated_source_is_a_template_without_values_as_well()
    {
        using var stage = await ManifestStage.OnAsync(environment, "embedded", "annotated");
        await stage.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: NAME, annotations: {projectsveltos.io/template: "true"}}
            data: {any-key: '{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {mode: "{{ list "a" "b" | join "+" }}"}}'}
            """);
        await stage.ServeAsync("{resources: {localSourceRef: {kind: ConfigMap, name: NAME}}}");
        await stage.ServiceAsync("Deployed");
        await stage.UntilDataAsync("settings", "mode", "a+b");

        // Without the annotation braces are text.
        await stage.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: NAME, annotations: {}}
            data: {any-key: '{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {mode: "{{ plain }} 🚀"}}'}
            """);
        await stage.UntilDataAsync("settings", "mode", "{{ plain }} 🚀");
    }

    private static string Settings(string mode) => $"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: settings}}, data: {{mode: {mode}}}}}";

    private static string Noise(ManifestStage stage, int characters) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = stage.Name },
        ["data"] = new JsonObject
        {
            ["a.json"] = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject { ["name"] = "a" },
                ["data"] = new JsonObject { ["noise"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(characters / 4 * 3)) },
            }.ToJsonString(),
        },
    }.ToJsonString();

    private static string? TypeOfSize(DynamicObject? definition) =>
        (string?)definition?.At("spec", "versions")?[0]?["schema"]?["openAPIV3Schema"]?["properties"]?["spec"]?["properties"]?["size"]?["type"];

    private static JsonObject Definition(string name, string type) => (JsonObject)JsonNode.Parse($$"""
        {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "foos.{{name}}.example.org"},
         "spec": {"group": "{{name}}.example.org", "scope": "Namespaced", "names": {"kind": "Foo", "plural": "foos", "singular": "foo", "listKind": "FooList"},
          "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object", "properties":
            {"spec": {"type": "object", "properties": {"size": {"type": "{{type}}"} } } } } } }] } }
        """)!;

    private static string Kustomization(string mode) => $$$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: NAME}
        data:
          kustomization.yaml: |
            resources: [web.yaml]
            labels: [{pairs: {mode: {{{mode}}} } }]
          web.yaml: |
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 1
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: web, image: "{{ .Values.image }}"}]}
        """;
}
