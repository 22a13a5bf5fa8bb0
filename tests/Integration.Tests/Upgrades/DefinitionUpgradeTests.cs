using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Host.Catalog;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.Upgrades;

/// <summary>Definitions of an older version (the first that there was), with objects of that time, and the newest definitions over them.</summary>
public sealed class DefinitionUpgradeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_of_the_first_definitions_stay_as_they_are_under_the_newest()
    {
        await using var server = await EmbeddedApiServer.StartAsync();
        using var client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [server.KubeconfigPath] }), new());
        var seed = new ManagementSeed(client, TimeProvider.System);
        await seed.DefineAsync(Path.Combine(TestLogs.RepositoryRoot, "tests", "Integration.Tests", "Upgrades", "Definitions"), Cancel);
        await seed.NamespacesAsync(["team"], Cancel);
        var kind = FleetKinds.ClusterDeployments.Kind;
        var before = await client.Dynamic(kind).CreateAsync(new(Yaml("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: web, namespace: team, labels: {env: prod}}
            spec:
              template: aws-standalone-cp-0-1-0
              credential: aws
              config: {region: eu-west-3, nested: {deep: [1, 2, {a: b}]}}
              serviceSpec: {services: [{template: nginx-1, name: nginx, namespace: web, values: 'a: b'}], priority: 100}
            """)), Cancel);

        await seed.DefineAsync(Path.Combine(TestLogs.RepositoryRoot, "deploy", "crds"), Cancel);
        var after = (await client.Dynamic(kind).GetAsync(before.Key, Cancel))!;
        // What somebody wrote is still there, whatever defaults came to it.
        Assert.Empty(Missing(before.Root["spec"], after.Root["spec"], "spec"));
        Assert.Equal(before.Metadata.Uid, after.Metadata.Uid);
        // And may be written again.
        var again = await client.Dynamic(kind).ApplyAsync(Yaml("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: web, namespace: team, labels: {env: test}}
            """), new("somebody") { Force = true }, Cancel);
        Assert.Equal("test", again.Metadata.Labels?["env"]);
        Assert.Empty(Missing(before.Root["spec"], again.Root["spec"], "spec"));
    }

    private static IEnumerable<string> Missing(JsonNode? was, JsonNode? @is, string path) => (was, @is) switch
    {
        (JsonObject map, JsonObject other) => map.SelectMany(field => Missing(field.Value, other[field.Key], $"{path}.{field.Key}")),
        (JsonArray list, JsonArray other) when list.Count == other.Count => list.SelectMany((item, index) => Missing(item, other[index], $"{path}[{index}]")),
        _ => JsonNode.DeepEquals(was, @is) ? [] : [path],
    };

    private static JsonObject Yaml(string text) => KubernetesYaml.ReadAll(text).Single();
}
