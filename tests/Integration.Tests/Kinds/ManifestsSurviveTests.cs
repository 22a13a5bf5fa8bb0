using System.Text.Json.Nodes;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.Integration.Tests.ClusterManager;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.Kinds;

/// <summary>
/// Manifests with every field that upstream's kinds have, spec and status, go through an API server with the generated definitions and come
/// back with nothing missing: API servers drop without a word what a schema does not name.
/// </summary>
public class ManifestsSurviveTests
{
    private static readonly string Folder = ManagementCluster.RepositoryFile("tests", "Integration.Tests", "Kinds", "Manifests");

    public static TheoryData<string, string> Manifests()
    {
        var data = new TheoryData<string, string>();
        foreach (var server in ApiServers.Names)
            foreach (var file in Directory.EnumerateFiles(Folder, "*.yaml").Order(StringComparer.Ordinal))
                data.Add(server, Path.GetFileName(file));
        return data;
    }

    [Theory, MemberData(nameof(Manifests))]
    public async Task Nothing_of_a_manifest_is_dropped(string server, string file)
    {
        var fixture = await ApiServers.SharedAsync(server);
        using var client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [fixture.KubeconfigPath] }));
        foreach (var manifest in KubernetesYaml.ReadAll(await File.ReadAllTextAsync(Path.Combine(Folder, file))))
        {
            var kind = await DefineAsync(client, (string)manifest["apiVersion"]!, (string)manifest["kind"]!);
            manifest["metadata"]!["name"] = $"{(string)manifest["metadata"]!["name"]!}-{Guid.NewGuid().ToString("N")[..8]}";
            // Nobody clears the finalizers of upstream here.
            (manifest["metadata"] as JsonObject)!.Remove("finalizers");
            var made = await CreateAsync(client, kind, manifest);
            var key = made.Metadata.Key;
            AssertContains(manifest["spec"]!, made.Root["spec"], "spec");
            if (manifest["status"] is JsonObject status)
            {
                made.Root["status"] = status.DeepClone();
                var written = await client.Dynamic(kind).UpdateStatusAsync(made, CancellationToken.None);
                AssertContains(status, written.Root["status"], "status");
            }
            await client.Dynamic(kind).DeleteAsync(key, DeleteOptions.Background, CancellationToken.None);
        }
    }

    [Fact]
    public void Every_kind_of_the_group_that_users_write_has_a_manifest()
    {
        var covered = Directory.EnumerateFiles(Folder, "*.yaml")
            .SelectMany(file => KubernetesYaml.ReadAll(File.ReadAllText(file))).Select(manifest => (string)manifest["kind"]!).ToHashSet(StringComparer.Ordinal);
        // These go through whole scenarios elsewhere.
        covered.UnionWith(["ClusterDeployment", "ClusterTemplate", "Credential", "ServiceSet", "ServiceTemplate", "HelmRepository"]);
        Assert.Empty(CustomResourceDefinition.OfAllKinds().Select(definition => (string)definition["spec"]!["names"]!["kind"]!).Except(covered));
    }

    private static async Task<ResourceKind> DefineAsync(KubernetesClient client, string apiVersion, string kind)
    {
        var definition = CustomResourceDefinition.OfAllKinds().Single(one => (string)one["spec"]!["names"]!["kind"]! == kind);
        try
        {
            await client.Dynamic(CoreKinds.Definitions).CreateAsync(new((JsonObject)definition.DeepClone()), CancellationToken.None);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // The servers are shared by the tests.
        }
        var groupAndVersion = apiVersion.Split('/');
        return new(
            groupAndVersion[0], groupAndVersion[1], kind, (string)definition["spec"]!["names"]!["plural"]!, (string)definition["spec"]!["scope"]! == "Namespaced");
    }

    // A server answers 404 until it serves what was just defined.
    private static async Task<DynamicObject> CreateAsync(KubernetesClient client, ResourceKind kind, JsonObject manifest) =>
        (await ManagementCluster.UntilAsync(
            async () =>
            {
                try
                {
                    return await client.Dynamic(kind).CreateAsync(new((JsonObject)manifest.DeepClone()), CancellationToken.None);
                }
                catch (KubeApiException e) when (e.IsNotFound)
                {
                    return null;
                }
            },
            made => made is not null,
            _ => $"{kind.Kind} is not served"))!;

    private static void AssertContains(JsonNode? wanted, JsonNode? seen, string path)
    {
        if (wanted is JsonObject map && seen is JsonObject)
            foreach (var (key, value) in map)
                AssertContains(value, seen[key], $"{path}.{key}");
        else if (wanted is JsonArray list && seen is JsonArray same && same.Count == list.Count)
            for (var index = 0; index < list.Count; index++)
                AssertContains(list[index], same[index], $"{path}[{index}]");
        else
            Assert.True(JsonNode.DeepEquals(wanted, seen), $"{path}: {wanted?.ToJsonString() ?? "null"} became {seen?.ToJsonString() ?? "nothing"}");
    }
}
