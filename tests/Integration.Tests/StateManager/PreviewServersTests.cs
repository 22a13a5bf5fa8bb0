using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.ApiServers;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Previews against both API servers, by both helms: the dry run is the server's own.</summary>
public abstract class PreviewServersTests(DriftEnvironment environment)
{
    private const string Canary = "canary-4711-must-never-be-shown";

    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Servers))]
    public async Task A_diff_asks_the_server_shows_no_secret_and_changes_nothing(string server)
    {
        var name = $"preview-{Guid.NewGuid():N}"[..16];
        var cluster = await environment.AddServerAsync(name, await ApiServers.SharedAsync(server));
        await environment.ApplyAsync(Json($$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{{name}}}","namespace":"team-a","labels":{"preview":"{{{name}}}"} },"spec":{"template":"none"} }
            """));
        await environment.ApplyAsync(Declared(name, $"color: red\\npassword: {Canary}"));
        await StateManagerEnvironment.EventuallyAsync(() => cluster.Dynamic(ConfigMaps).GetAsync(new(name, "web"), Ct), o => o is not null, "installed");
        using var rest = await environment.RestAsync();
        await StateManagerEnvironment.EventuallyAsync(() => PlanAsync(rest, name), plan => plan == "None", "there is nothing to do");
        Assert.False((bool?)(await DiffAsync(rest, Declared(name, $"color: red\\npassword: {Canary}")))["hasChanges"]);

        var service = Service(await DiffAsync(rest, Declared(name, $"color: blue\\nreplicas: 2\\npassword: {Canary}-2")));
        Assert.Equal(("Upgrade", "Server"), ((string?)service["change"], (string?)service["manifests"]));
        Assert.Equal(["ConfigMap", "Deployment", "Secret"], service["changed"]!.AsArray().Select(o => (string?)o!["kind"]).Order(StringComparer.Ordinal));
        JsonNode Field(string kind) => Assert.Single(Assert.Single(service["changed"]!.AsArray(), o => (string?)o!["kind"] == kind)!["fields"]!.AsArray())!;
        Assert.Equal(("data.color", "red", "blue"), ((string?)Field("ConfigMap")["path"], (string?)Field("ConfigMap")["from"], (string?)Field("ConfigMap")["to"]));
        Assert.Equal(("spec.replicas", 0, 2), ((string?)Field("Deployment")["path"], (int?)Field("Deployment")["from"], (int?)Field("Deployment")["to"]));
        Assert.True((bool?)Field("Secret")["secret"]);

        // What the chart makes of it, this very server would refuse.
        var refused = Service(await DiffAsync(rest, Declared(name, "color: {not: text}")));
        Assert.NotNull((string?)refused["problem"]);

        var gone = Service(await DiffAsync(rest, Declared(name, "color: red", "elsewhere")));
        Assert.Equal(("Remove", 5), ((string?)gone["change"], gone["removed"]!.AsArray().Count));
        Assert.Equal("red", (string?)(await cluster.Dynamic(ConfigMaps).GetAsync(new(name, "web"), Ct))!.At("data", "color"));
        Assert.Equal("None", await PlanAsync(rest, name));
    }

    private static JsonObject Declared(string name, string values, string? selects = null) => Json($$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"MultiClusterService","metadata":{"name":"{{{name}}}"},
         "spec":{"clusterSelector":{"matchLabels":{"preview":"{{{selects ?? name}}}"} },
          "serviceSpec":{"services":[{"name":"web","namespace":"{{{name}}}","template":"varied","values":"{{{values}}}"}]} } }
        """);

    private static JsonNode Service(JsonNode diff) => Assert.Single(Assert.Single(diff["clusters"]!.AsArray())!["services"]!.AsArray())!;

    private static async Task<string?> PlanAsync(HttpClient rest, string cluster) =>
        (string?)(await ReadAsync(await rest.GetAsync(new Uri($"/api/v1/services/plan?namespace=team-a&cluster={cluster}", UriKind.Relative), Ct)))["items"]?.AsArray().FirstOrDefault()?["services"]?.AsArray().FirstOrDefault()?["action"];

    private static async Task<JsonNode> DiffAsync(HttpClient rest, JsonObject posted)
    {
        using var body = new StringContent(new JsonObject { ["objects"] = new JsonArray(posted) }.ToJsonString(), Encoding.UTF8, "application/json");
        return await ReadAsync(await rest.PostAsync(new Uri("/api/v1/services/diff", UriKind.Relative), body, Ct));
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Ct);
            Assert.True(response.IsSuccessStatusCode, text);
            Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
            return JsonNode.Parse(text)!;
        }
    }
}

public sealed class PreviewHelm3ServersTests(DriftEnvironment environment) : PreviewServersTests(environment), IClassFixture<DriftEnvironment>;

public sealed class PreviewHelm4ServersTests(DriftHelm4Environment environment) : PreviewServersTests(environment), IClassFixture<DriftHelm4Environment>;
