using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Services from kustomizations: a real git server, kubectl and helm, a simulated and a real cluster.</summary>
public sealed class KustomizeServiceTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    private const string Password = "swordfish-of-the-overlay";

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task An_overlay_in_git_is_followed_from_commit_to_commit(string server)
    {
        using var stage = await ManifestStage.OnAsync(environment, server, $"overlay-{server[..4]}");
        using var git = await GitFolder.CreateAsync();
        await using var https = await GitHttpServer.StartAsync(git.Root);
        await git.CommitAsync(
            ("base/kustomization.yaml", "resources: [settings.yaml, extra.yaml]"),
            ("base/settings.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: elsewhere}, data: {mode: base}}"),
            ("base/extra.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: extra}}"),
            ("overlays/prod/kustomization.yaml", "resources: [../../base]\npatches: [{path: mode.yaml, target: {name: settings}}]\n"),
            ("overlays/prod/mode.yaml", Replace("/data/mode", "one")));
        await stage.ApplyAsync(Source(https));
        await stage.ServeAsync("{kustomize: {path: ./overlays/prod, localSourceRef: {kind: GitRepository, name: NAME}}}");

        var state = await stage.ServiceAsync("Deployed");
        Assert.Equal(("Kustomize", stage.Name), ((string?)state["type"], (string?)state["version"]));
        // As upstream: everything goes into the namespace of the service.
        await stage.UntilDataAsync("settings", "mode", "one");
        Assert.NotNull(await stage.GetAsync(ManifestStage.ConfigMaps, "extra"));
        var template = await stage.TemplateAsync(status => (bool?)status?["valid"] == true, "valid");
        Assert.StartsWith("main@sha1:", (string?)template!.At("status", "sourceStatus", "artifact", "revision"), StringComparison.Ordinal);

        // A new commit: changed, and one object less. Nobody touches anything in the management cluster.
        await git.CommitAsync(("base/kustomization.yaml", "resources: [settings.yaml]"), ("overlays/prod/mode.yaml", Replace("/data/mode", "two")));
        await stage.UntilDataAsync("settings", "mode", "two");
        await stage.UntilAsync(ManifestStage.ConfigMaps, "extra", o => o is null, "gone");

        // A commit that does not build: told with kustomize's words; what runs stays.
        await git.CommitAsync(("overlays/prod/mode.yaml", Replace("/data/nope/x", "three")));
        var broken = await stage.TemplateAsync(status => (bool?)status?["valid"] == false, "not valid");
        Assert.StartsWith("spec.kustomize: ", (string?)broken!.At("status", "validationError"), StringComparison.Ordinal);
        await stage.ServiceAsync("Failed");
        await stage.UntilDataAsync("settings", "mode", "two");

        // Mended, and the server goes away: the template stays good and says so, the service is untouched.
        await git.CommitAsync(("overlays/prod/mode.yaml", Replace("/data/mode", "four")));
        await stage.UntilDataAsync("settings", "mode", "four");
        https.FailWith = 503;
        var away = await stage.TemplateAsync(status => (string?)SourceReady(status)?["status"] == "False", "source away");
        Assert.True((bool?)away!.At("status", "valid"));
        Assert.Equal("Deployed", (string?)(await stage.ServiceAsync("Deployed"))["state"]);
        https.FailWith = null;
        await stage.RemoveAsync();
        await stage.UntilAsync(ManifestStage.ConfigMaps, "settings", o => o is null, "gone with its service");
    }

    [Fact]
    public async Task Values_are_variables_over_what_kustomize_makes()
    {
        using var stage = await ManifestStage.OnAsync(environment, "embedded", "variables");
        await stage.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: NAME-source}
            data:
              kustomization.yaml: |
                resources: [a.yaml]
                namePrefix: my-
              a.yaml: |
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a}
                data: {region: "{{ .region }}", size: "{{ .Values.size | upper }}", cluster: '{{ default "none" .nothing }}'}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: NAME-values}
            data: {region: eu-north, more.yaml: "size: small"}
            """);
        await stage.ServeAsync("{kustomize: {localSourceRef: {kind: ConfigMap, name: NAME-source}}}", "valuesFrom: [{kind: ConfigMap, name: NAME-values}]");
        await stage.ServiceAsync("Deployed");
        await stage.UntilDataAsync("my-a", "region", "eu-north");
        await stage.UntilDataAsync("my-a", "size", "SMALL");
        await stage.UntilDataAsync("my-a", "cluster", "none");

        // Inline values win, and a changed one is on the cluster without anybody asking.
        await stage.ApplyAsync(stage.Set("valuesFrom: [{kind: ConfigMap, name: NAME-values}], values: 'size: large'"));
        await stage.UntilDataAsync("my-a", "size", "LARGE");
    }

    [Fact]
    public async Task Nothing_is_fetched_from_elsewhere_and_nothing_secret_is_told()
    {
        using var stage = await ManifestStage.OnAsync(environment, "embedded", "refused");
        await stage.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: NAME-source}
            stringData:
              kustomization.yaml: |
                resources: ["https://user:{{Password}}@127.0.0.1:9/base"]
            """);
        await stage.ServeAsync("{kustomize: {localSourceRef: {kind: Secret, name: NAME-source}}}");
        await stage.TemplateAsync(status => ((string?)status?["validationError"])?.Contains("nothing is fetched while a kustomization is built", StringComparison.Ordinal) == true, "refused");

        // Kustomize quotes what it can not use.
        await stage.ApplyAsync($$$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: NAME-source}
            stringData:
              kustomization.yaml: |
                secretGenerator: [{name: login, literals: ["{{{Password}}}"]}]
            """);
        var quoted = await stage.TemplateAsync(status => ((string?)status?["validationError"])?.Contains("invalid literal source", StringComparison.Ordinal) == true, "refused");
        Assert.Contains("***", (string?)quoted!.At("status", "validationError"), StringComparison.Ordinal);

        // The API server of the cluster refuses an object with the password in it.
        await stage.ApplyAsync($$$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: NAME-source}
            stringData:
              kustomization.yaml: |
                resources: [a.yaml]
                secretGenerator: [{name: login, literals: ["password={{{Password}}}"]}]
              a.yaml: "{apiVersion: v1, kind: ConfigMap, metadata: {name: 'NOT VALID'}}"
            """);
        await stage.ServiceAsync("Failed");
        var everything = new List<string>
        {
            (await environment.GetAsync("ServiceTemplate", stage.Name))!.Root.ToJsonString(),
            (await environment.GetAsync("ServiceSet", stage.Name))!.Root.ToJsonString(),
        };
        var events = await environment.Management.Dynamic(new ResourceKind("events.k8s.io", "v1", "Event", "events", true)).ListAsync(ListOptions.All, default);
        everything.AddRange(events.Items.Select(item => item.Root.ToJsonString()));
        Assert.DoesNotContain(everything, text => text.Contains(Password, StringComparison.Ordinal));
    }

    private static string Replace(string path, string value) => new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value }).ToJsonString();

    private static JsonObject? SourceReady(JsonObject? status) => (status?["sourceStatus"]?["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault();

    private static string Source(GitHttpServer https) => $$$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: NAME-ca}
        stringData: {ca.crt: {{{JsonSerializer.Serialize(https.Authority)}}}}
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: {name: NAME}
        spec: {url: "{{{https.Address}}}charts.git", interval: 1s, ref: {branch: main}, secretRef: {name: NAME-ca}}
        """;
}
