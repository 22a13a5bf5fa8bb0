using System.Text.Json.Nodes;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Tests.Scripted;

namespace Fleet.Kubernetes.Tests.Resources;

public sealed class ResourceClientTests
{
    private static readonly ObjectKey Key = new("ns", "a");
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_follows_pages_to_the_end_and_fills_in_the_type()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Page("10", "t1", "a", "b"), Answer.Page("10", "t2", "c"), Answer.Page("10", null, "d"));
        using var client = server.Client();
        var list = await client.Resource(CoreTypes.ConfigMaps).ListAsync(new() { Namespace = "ns", PageSize = 2, LabelSelector = "x in (a,b)" }, None);
        Assert.Equal(["a", "b", "c", "d"], list.Items.Select(i => i.Metadata.Name));
        Assert.Equal("10", list.ResourceVersion);
        Assert.All(list.Items, i => Assert.Equal(("v1", "ConfigMap", null), (i.ApiVersion, i.Kind, i.Metadata.ManagedFields)));
        Assert.Equal(
            [
                "/api/v1/namespaces/ns/configmaps?labelSelector=x%20in%20%28a%2Cb%29&limit=2",
                "/api/v1/namespaces/ns/configmaps?labelSelector=x%20in%20%28a%2Cb%29&limit=2&continue=t1",
                "/api/v1/namespaces/ns/configmaps?labelSelector=x%20in%20%28a%2Cb%29&limit=2&continue=t2",
            ],
            server.Requests.Select(r => r.PathAndQuery));
    }

    [Fact]
    public async Task List_starts_over_when_the_continue_token_has_expired()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answer.Page("10", "t1", "a", "gone"), Answer.Status(410, "Expired"), Answer.Page("20", "t2", "a"), Answer.Page("20", null, "b"));
        using var client = server.Client();
        var list = await client.Resource(CoreTypes.ConfigMaps).ListAsync(ListOptions.All, None);
        Assert.Equal(["a", "b"], list.Items.Select(i => i.Metadata.Name));
        Assert.Equal("20", list.ResourceVersion);
    }

    [Fact]
    public async Task List_asks_for_everything_when_tokens_keep_expiring()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answer.Page("10", "t1", "a"), Answer.Status(410, "Expired"), Answer.Page("20", "t2", "a"), Answer.Status(410, "Expired"), Answer.Page("30", null, "a", "b"));
        using var client = server.Client();
        var list = await client.Resource(CoreTypes.ConfigMaps).ListAsync(ListOptions.All, None);
        Assert.Equal(2, list.Items.Count);
        Assert.DoesNotContain("limit", server.Requests.Last().PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_page_throws_instead_of_giving_a_part()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Page("10", "t1", "a"), Answer.Status(403, "Forbidden"));
        using var client = server.Client();
        var error = await Assert.ThrowsAsync<KubeApiException>(() => client.Resource(CoreTypes.ConfigMaps).ListAsync(ListOptions.All, None));
        Assert.True(error.IsForbidden);
    }

    [Theory]
    [InlineData("""{"kind":"Status","status":"Success"}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"metadata":{"resourceVersion":"1"},"items":[{"metadata":""")]
    public async Task Garbage_is_an_error_and_never_an_empty_list(string body)
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Json(body));
        using var client = server.Client();
        var error = await Assert.ThrowsAsync<KubeApiException>(() => client.Resource(CoreTypes.ConfigMaps).ListAsync(ListOptions.All, None));
        Assert.Equal(KubeApiException.UnreadableAnswer, error.Reason);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task A_dynamic_list_gives_each_item_its_type_first()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Page("10", null, "a"));
        using var client = server.Client();
        var list = await client.Dynamic(CoreTypes.ConfigMaps.Kind).ListAsync(ListOptions.All, None);
        Assert.StartsWith("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{""", Assert.Single(list.Items).Root.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("1", (string?)list.Items[0].At("data", "v"));
    }

    [Fact]
    public async Task Get_gives_null_only_for_404()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Json(Answer.Item("a")), Answer.Status(404, "NotFound"), Answer.Status(403, "Forbidden"));
        using var client = server.Client();
        var maps = client.Resource(CoreTypes.ConfigMaps);
        Assert.Equal("a", (await maps.GetAsync(Key, None))?.Metadata.Name);
        Assert.Null(await maps.GetAsync(Key, None));
        await Assert.ThrowsAsync<KubeApiException>(() => maps.GetAsync(Key, None));
    }

    [Fact]
    public async Task Writes_send_what_kubernetes_expects()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Json(Answer.Item("a")));
        using var client = server.Client(new() { UserAgent = "tester" });
        var maps = client.Resource(CoreTypes.ConfigMaps);
        var body = new ConfigMap { Metadata = new() { Name = "a", Namespace = "ns" }, Data = new() { ["k"] = "v" } };
        await maps.CreateAsync(body, None);
        await maps.UpdateAsync(body, None);
        await maps.UpdateStatusAsync(body, None);
        await maps.PatchAsync(Key, Patch.Merge(new() { ["data"] = null }), new() { FieldManager = "me", DryRun = true }, None);
        await maps.PatchAsync(Key, Patch.Json([new JsonObject { ["op"] = "test" }]), new() { Subresource = "status" }, None);
        await maps.PatchAsync(Key, Patch.Strategic([]), PatchOptions.Default, None);
        await maps.ApplyAsync(new() { ["metadata"] = new JsonObject { ["name"] = "a", ["namespace"] = "ns" } }, new("me") { Force = true }, None);
        await maps.DeleteAsync(Key, new() { Propagation = DeletionPropagation.Foreground, Uid = "u", ResourceVersion = "7", GracePeriodSeconds = 0 }, None);
        await maps.GetSubresourceAsync(Key, "scale", None);
        Assert.Equal(
            [
                "POST /api/v1/namespaces/ns/configmaps application/json {\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"ns\"},\"data\":{\"k\":\"v\"}}",
                "PUT /api/v1/namespaces/ns/configmaps/a application/json {\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"ns\"},\"data\":{\"k\":\"v\"}}",
                "PUT /api/v1/namespaces/ns/configmaps/a/status application/json {\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"ns\"},\"data\":{\"k\":\"v\"}}",
                "PATCH /api/v1/namespaces/ns/configmaps/a?fieldManager=me&dryRun=All application/merge-patch+json {\"data\":null}",
                "PATCH /api/v1/namespaces/ns/configmaps/a/status application/json-patch+json [{\"op\":\"test\"}]",
                "PATCH /api/v1/namespaces/ns/configmaps/a application/strategic-merge-patch+json {}",
                "PATCH /api/v1/namespaces/ns/configmaps/a?fieldManager=me&force=true application/apply-patch+yaml {\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"ns\"}}",
                "DELETE /api/v1/namespaces/ns/configmaps/a application/json {\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"propagationPolicy\":\"Foreground\",\"gracePeriodSeconds\":0,\"preconditions\":{\"uid\":\"u\",\"resourceVersion\":\"7\"}}",
                "GET /api/v1/namespaces/ns/configmaps/a/scale  ",
            ],
            server.Requests.Select(r => $"{r.Method} {r.PathAndQuery} {r.Headers.GetValueOrDefault("Content-Type")} {r.Body}"));
        Assert.All(server.Requests, r => Assert.Equal("tester", r.Headers["User-Agent"]));
    }

    [Fact]
    public async Task Delete_is_false_when_it_was_gone_and_throws_on_a_failed_precondition()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Status(404, "NotFound"), Answer.Status(409, "Conflict"), Answer.Json("{}"));
        using var client = server.Client();
        var maps = client.Resource(CoreTypes.ConfigMaps);
        Assert.False(await maps.DeleteAsync(Key, DeleteOptions.Background, None));
        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => maps.DeleteAsync(Key, DeleteOptions.Background, None))).IsConflict);
        Assert.True(await maps.DeleteAsync(Key, DeleteOptions.Background, None));
    }

    [Fact]
    public async Task A_path_prefix_of_the_server_is_kept()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Json(Answer.Item("a")));
        using var client = KubernetesClient.Create(new() { Server = new(server.Address, "/clusters/one/") });
        await client.Resource(CoreTypes.ConfigMaps).GetAsync(Key, None);
        Assert.Equal("/clusters/one/api/v1/namespaces/ns/configmaps/a", Assert.Single(server.Requests).PathAndQuery);
    }
}
