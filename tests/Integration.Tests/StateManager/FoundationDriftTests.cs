using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>What others do to the definitions and the namespace of a service from manifests, which are no part of its Helm release.</summary>
public sealed class FoundationDriftTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", false);

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task Definitions_and_the_namespace_are_given_back_what_is_declared_and_never_deleted(string server)
    {
        using var stage = await ManifestStage.OnAsync(environment, server, $"ground-{server[..4]}");
        var definition = $"foos.{stage.Name}.example.org";
        var foos = new ResourceKind($"{stage.Name}.example.org", "v1", "Foo", "foos", true);
        await stage.ApplyAsync(Source(stage, "integer"));
        await stage.ApplyAsync(Template);
        await SetAsync(stage, "Continuous");
        Assert.EndsWith("@1", (string?)(await stage.ServiceAsync("Deployed"))["lastDeployedHash"], StringComparison.Ordinal);
        await stage.UntilAsync(foos, "one", o => o is not null, "made");
        Assert.Equal("blue", (await stage.GetAsync(Namespaces, stage.Name))!.Metadata.Labels!["team"]);

        // Shown first, as for any object.
        await EditAsync(stage, ManifestStage.Definitions, ObjectKey.Cluster(definition), TypeOfSize("string"));
        await DriftedAsync(stage, m => m.Contains($"CustomResourceDefinition {definition}", StringComparison.Ordinal) && m.Contains("(by test-editor)", StringComparison.Ordinal));
        Assert.Equal("string", SizeOf(await stage.GetAsync(ManifestStage.Definitions, definition)));

        await SetAsync(stage, "ContinuousWithDriftDetection");
        await stage.UntilAsync(ManifestStage.Definitions, definition, o => SizeOf(o) == "integer", "corrected");
        await EditAsync(stage, Namespaces, ObjectKey.Cluster(stage.Name), """{"metadata":{"labels":{"team":"red","more":"mine"}}}""");
        await stage.UntilAsync(Namespaces, stage.Name, o => o?.Metadata.Labels?["team"] == "blue", "corrected");
        // What is not stated is nobody's business.
        Assert.Equal("mine", (await stage.GetAsync(Namespaces, stage.Name))!.Metadata.Labels!["more"]);
        await NotDriftedAsync(stage);

        // A definition takes all objects of its kind along; those of the release are declared as well.
        await stage.Managed.Dynamic(ManifestStage.Definitions).DeleteAsync(ObjectKey.Cluster(definition), DeleteOptions.Background, default);
        await stage.UntilAsync(ManifestStage.Definitions, definition, o => o is { Metadata.IsBeingDeleted: false } && SizeOf(o) == "integer", "made again");
        await stage.UntilAsync(foos, "one", o => (int?)o?.At("spec", "size") == 3, "made again");
        await NotDriftedAsync(stage);
        // Helm had no part in it.
        Assert.EndsWith("@1", (string?)(await stage.ServiceAsync("Deployed"))["lastDeployedHash"], StringComparison.Ordinal);

        // One that others changed in the meantime does not hold up the next version of what is declared.
        await SetAsync(stage, "Continuous");
        await EditAsync(stage, ManifestStage.Definitions, ObjectKey.Cluster(definition), TypeOfSize("string"));
        await DriftedAsync(stage, m => m.Contains(definition, StringComparison.Ordinal));
        await stage.ApplyAsync(Source(stage, "number"));
        await stage.UntilAsync(ManifestStage.Definitions, definition, o => SizeOf(o) == "number", "upgraded");
        await stage.ServiceAsync("Deployed");

        await stage.RemoveAsync();
        Assert.NotNull(await stage.GetAsync(ManifestStage.Definitions, definition));
        Assert.NotNull(await stage.GetAsync(Namespaces, stage.Name));
    }

    private const string Template = """
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: {name: NAME}
        spec: {resources: {localSourceRef: {kind: ConfigMap, name: NAME}}}
        """;

    private static Task SetAsync(ManifestStage stage, string mode) =>
        stage.ApplyAsync(stage.Set().Replace("provider: {}", $"provider: {{config: {{syncMode: {mode}}}}}", StringComparison.Ordinal));

    private Task<JsonObject?> DriftedAsync(ManifestStage stage, Func<string, bool> expected) =>
        environment.StatusAsync(stage.Name, s => (string?)Drifted(s)?["message"] is { } message && expected(message), "drifted");

    private Task NotDriftedAsync(ManifestStage stage) => environment.StatusAsync(stage.Name, s => s is not null && Drifted(s) is null, "not drifted");

    private static JsonObject? Drifted(JsonObject? status) => (status?["services"] as JsonArray)?.OfType<JsonObject>()
        .SelectMany(s => (s["conditions"] as JsonArray ?? []).OfType<JsonObject>()).FirstOrDefault(c => (string?)c["type"] == "Drifted");

    private static Task EditAsync(ManifestStage stage, ResourceKind kind, ObjectKey key, string patch)
    {
        var change = JsonNode.Parse(patch)!;
        return stage.Managed.Dynamic(kind).PatchAsync(
            key, change is JsonArray operations ? Patch.Json(operations) : Patch.Merge((JsonObject)change), new PatchOptions { FieldManager = "test-editor" }, default);
    }

    private static string TypeOfSize(string type) =>
        $$"""[{"op":"replace","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/type","value":"{{type}}"}]""";

    private static string? SizeOf(DynamicObject? definition) =>
        (string?)definition?.At("spec", "versions")?[0]?["schema"]?["openAPIV3Schema"]?["properties"]?["spec"]?["properties"]?["size"]?["type"];

    private static string Source(ManifestStage stage, string type) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = stage.Name },
        ["data"] = new JsonObject
        {
            ["namespace.yaml"] = "{apiVersion: v1, kind: Namespace, metadata: {name: NAME, labels: {team: blue}}}",
            ["foo.yaml"] = "{apiVersion: NAME.example.org/v1, kind: Foo, metadata: {name: one}, spec: {size: 3}}",
            ["definition.yaml"] = """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: foos.NAME.example.org}
                spec:
                  group: NAME.example.org
                  scope: Namespaced
                  names: {kind: Foo, plural: foos}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: TYPE}}}}}}
                """.Replace("TYPE", type, StringComparison.Ordinal),
        },
    }.ToJsonString();
}
