using System.Text.Json.Nodes;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Tests.Machinery;

public sealed class ClusterTests
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    private static readonly ResourceKind Services = new("", "v1", "Service", "services", true);
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    private readonly ClusterRegistry registry = ClusterFactory.InMemory(TimeProvider.System);
    private readonly CancellationToken ct = CancellationToken.None;

    private IClusterApi Api => registry.Management;

    [Fact]
    public async Task A_stale_resourceVersion_is_a_conflict()
    {
        var made = await Api.CreateAsync(ConfigMaps, ConfigMap("a"), ct);
        var first = (JsonObject)made.DeepClone();
        first["data"] = new JsonObject { ["x"] = "1" };
        await Api.UpdateAsync(ConfigMaps, first, ct);
        made["data"] = new JsonObject { ["x"] = "2" };
        Assert.True((await Assert.ThrowsAsync<KubeApiException>(async () => await Api.UpdateAsync(ConfigMaps, made, ct))).IsConflict);
    }

    [Fact]
    public async Task A_write_that_changes_nothing_keeps_the_resourceVersion()
    {
        var made = await Api.CreateAsync(ConfigMaps, ConfigMap("a"), ct);
        var again = await Api.UpdateAsync(ConfigMaps, (JsonObject)made.DeepClone(), ct);
        Assert.Equal((string?)made["metadata"]!["resourceVersion"], (string?)again["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task Generation_follows_the_spec_and_status_is_a_world_of_its_own()
    {
        var made = await Api.CreateAsync(Deployments, Deployment(), ct);
        made["status"] = new JsonObject { ["replicas"] = 7 };
        made["spec"]!["replicas"] = 4;
        var updated = await Api.UpdateAsync(Deployments, made, ct);
        Assert.Equal(2, updated["metadata"]!["generation"].Number());
        Assert.Null(updated["status"]?["replicas"]);
        updated["spec"]!["replicas"] = 9;
        updated["status"] = new JsonObject { ["replicas"] = 4 };
        var status = await Api.UpdateStatusAsync(Deployments, updated, ct);
        Assert.Equal(4, status["spec"]!["replicas"].Number());
        Assert.Equal(4, status["status"]!["replicas"].Number());
        Assert.Equal(2, status["metadata"]!["generation"].Number());
    }

    [Fact]
    public async Task Finalizers_hold_an_object_until_the_last_is_gone()
    {
        var body = ConfigMap("held");
        body["metadata"]!["finalizers"] = new JsonArray("example.com/hold");
        await Api.CreateAsync(ConfigMaps, body, ct);
        var key = new ObjectKey("default", "held");
        Assert.True(await Api.DeleteAsync(ConfigMaps, key, DeleteOptions.Background, ct));
        Assert.NotNull(Api.Get(ConfigMaps, key)!["metadata"]!["deletionTimestamp"]);
        await Api.ChangeAsync(ConfigMaps, key, b => b["metadata"]!.AsObject().Remove("finalizers"), false, ct);
        Assert.Null(Api.Get(ConfigMaps, key));
    }

    [Fact]
    public async Task Services_get_an_address_and_keep_it()
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "s", ["namespace"] = "default" },
            ["spec"] = new JsonObject { ["type"] = "NodePort", ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) },
        };
        var made = await Api.CreateAsync(Services, (JsonObject)body.DeepClone(), ct);
        var address = (string?)made["spec"]!["clusterIP"];
        Assert.StartsWith("10.96.", address, StringComparison.Ordinal);
        var port = made["spec"]!["ports"]![0]!["nodePort"].Number();
        Assert.InRange(port ?? 0, 30_000, 32_767);
        var updated = await Api.UpdateAsync(Services, body, ct);
        Assert.Equal(address, (string?)updated["spec"]!["clusterIP"]);
        Assert.Equal(port, updated["spec"]!["ports"]![0]!["nodePort"].Number());
    }

    [Fact]
    public async Task A_selector_that_does_not_match_is_refused_with_its_field()
    {
        var body = Deployment();
        body["spec"]!["selector"]!["matchLabels"]!["app"] = "other";
        var refused = await Assert.ThrowsAsync<KubeApiException>(async () => await Api.CreateAsync(Deployments, body, ct));
        Assert.Equal(422, refused.Code);
        Assert.Contains(refused.Details!.Causes, c => c.Field == "spec.template.metadata.labels");
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("a_b")]
    [InlineData("-a")]
    public async Task Names_are_checked(string name) =>
        Assert.Contains((await Assert.ThrowsAsync<KubeApiException>(async () => await Api.CreateAsync(ConfigMaps, ConfigMap(name), ct))).Details!.Causes,
            c => c.Field == "metadata.name");

    [Fact]
    public void New_clusters_have_the_base_objects_but_an_identity_of_their_own()
    {
        var a = registry.Add("a");
        var b = registry.Add("b");
        var namespaces = new ResourceKind("", "v1", "Namespace", "namespaces", false);
        Assert.Equal(4, a.List(namespaces).Count);
        string? Uid(IClusterApi c) => (string?)c.Get(namespaces, ObjectKey.Cluster("kube-system"))!["metadata"]!["uid"];
        Assert.NotEqual(Uid(a), Uid(b));
        Assert.Same(a, registry.Add("a"));
        Assert.True(registry.Remove("a"));
        Assert.Null(registry.Find("a"));
    }

    private static JsonObject ConfigMap(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" } };

    private static JsonObject Deployment() => (JsonObject)JsonNode.Parse("""
        {"metadata":{"name":"d","namespace":"default"},
         "spec":{"selector":{"matchLabels":{"app":"d"}},"template":{"metadata":{"labels":{"app":"d"}},"spec":{"containers":[{"name":"c","image":"nginx"}]}}}}
        """)!;
}
