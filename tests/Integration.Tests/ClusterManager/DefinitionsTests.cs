using System.Text.Json.Nodes;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.ClusterManager;

public class DefinitionsTests
{
    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task The_samples_apply_unchanged_with_the_generated_definitions(string server)
    {
        var fixture = await ApiServers.SharedAsync(server);
        using var client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [fixture.KubeconfigPath] }));
        var apply = new ApplyOptions("definitions-test") { Force = true };
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
        {
            await DefineAsync(client, definition);
            var name = ObjectKey.Cluster((string)definition["metadata"]!["name"]!);
            await ManagementCluster.UntilAsync(
                () => client.Dynamic(CoreKinds.Definitions).GetAsync(name, CancellationToken.None), IsEstablished, seen => seen?.Root["status"]?.ToJsonString() ?? "nothing");
        }
        foreach (var file in (string[])["clusterdeployment.yaml", "servicetemplate.yaml"])
        {
            var sample = KubernetesYaml.ReadAll(await File.ReadAllTextAsync(ManagementCluster.RepositoryFile("deploy", "samples", file))).Single();
            await client.Dynamic(new("", "v1", "Namespace", "namespaces", false)).ApplyAsync(
                new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = (string)sample["metadata"]!["namespace"]! } },
                apply, CancellationToken.None);
            var plural = ((string)sample["kind"]!).ToLowerInvariant() + "s";
            var older = new ResourceKind("k0rdent.mirantis.com", "v1alpha1", (string)sample["kind"]!, plural, true);
            var made = await ManagementCluster.UntilAsync(
                () => TryApplyAsync(client, older, sample, apply), result => result is not null, _ => "the kind is not served");
            // Nothing that a user wrote is dropped; what the server adds are defaults.
            AssertContains(sample["spec"]!, made!.Root["spec"]!, "spec");
        }
        var newer = await client.Resource(FleetKinds.ClusterDeployments).GetAsync(new("mon-organisation", "mon-cluster-web"), CancellationToken.None);
        Assert.Equal((true, 100), (newer!.Spec.PropagateCredentials, newer.Spec.ServiceSpec!.Priority));
        await client.Resource(FleetKinds.ClusterDeployments).DeleteAsync(newer.Metadata.Key, DeleteOptions.Background, CancellationToken.None);
    }

    // Not by server-side apply: servers that do not know CEL rules refuse fields there that they ignore in a plain creation.
    private static async Task DefineAsync(KubernetesClient client, JsonObject definition)
    {
        try
        {
            await client.Dynamic(CoreKinds.Definitions).CreateAsync(new(definition), CancellationToken.None);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // The servers are shared by the tests.
        }
    }

    // A server may answer 404 for a moment after it has called a definition established.
    private static async Task<DynamicObject?> TryApplyAsync(KubernetesClient client, ResourceKind kind, JsonObject sample, ApplyOptions apply)
    {
        try
        {
            return await client.Dynamic(kind).ApplyAsync(sample, apply, CancellationToken.None);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    private static void AssertContains(JsonNode wanted, JsonNode? seen, string path)
    {
        if (wanted is JsonObject map)
            foreach (var (key, value) in map)
                AssertContains(value!, seen?[key], $"{path}.{key}");
        else if (wanted is JsonArray list)
            for (var index = 0; index < list.Count; index++)
                AssertContains(list[index]!, seen?[index], $"{path}[{index}]");
        else
            Assert.True(JsonNode.DeepEquals(wanted, seen), $"{path}: {wanted.ToJsonString()} became {seen?.ToJsonString() ?? "nothing"}");
    }

    private static bool IsEstablished(DynamicObject? definition) =>
        (definition?.At("status", "conditions") as JsonArray ?? []).Any(c => (string?)c?["type"] == "Established" && (string?)c["status"] == "True");
}
