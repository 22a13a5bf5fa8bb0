using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Hosting;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Tests.Serving;

/// <summary>The server as a client meets it: TLS, identities, verbs, watches.</summary>
public sealed class ServerTests : IAsyncLifetime
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";

    private ControlPlaneHost host = null!;
    private HttpClient admin = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions
        {
            Tokens = [new StaticToken("admin-token", "root", ["system:masters"]), new StaticToken("ann-token", "ann", [])],
        });
        admin = Client("admin-token");
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Lists_page_through_one_moment()
    {
        for (var i = 0; i < 5; i++) await CreateAsync($"m{i}");
        var first = await GetAsync($"{Maps}?limit=2");
        await CreateAsync("a-late-one");
        var second = await GetAsync($"{Maps}?limit=100&continue={first["metadata"]!["continue"]}");
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)second["metadata"]!["resourceVersion"]);
        var names = first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(i => (string?)i!["metadata"]!["name"]);
        Assert.Equal(["kube-root-ca.crt", "m0", "m1", "m2", "m3", "m4"], names);
    }

    [Fact]
    public async Task A_watch_resumes_and_follows_selectors()
    {
        var list = await GetAsync(Maps);
        await CreateAsync("w", """{"show":"yes"}""");
        using var reader = await WatchAsync($"{Maps}?watch=1&labelSelector=show%3Dyes&resourceVersion={list["metadata"]!["resourceVersion"]}");
        Assert.Equal(("ADDED", "w"), await NextAsync(reader));
        await PatchAsync("w", """{"metadata":{"labels":{"show":"no"}}}""");
        Assert.Equal(("DELETED", "w"), await NextAsync(reader));
        await PatchAsync("w", """{"metadata":{"labels":{"show":"yes"}}}""");
        Assert.Equal(("ADDED", "w"), await NextAsync(reader));
        await PatchAsync("w", """{"data":{"a":"b"}}""");
        Assert.Equal(("MODIFIED", "w"), await NextAsync(reader));
    }

    [Fact]
    public async Task No_event_is_lost_while_others_write_as_fast_as_they_can()
    {
        const int Writes = 2_000;
        var kind = new ResourceKind("", "v1", "ConfigMap", "configmaps", true);
        var api = host.Clusters.Management;
        using var reader = await WatchAsync($"{Maps}?watch=1&resourceVersion={api.Revision}");
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Writes; i++)
                await api.CreateAsync(kind, new JsonObject { ["metadata"] = new JsonObject { ["name"] = $"f{i}", ["namespace"] = "default" } }, CancellationToken.None);
        });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var i = 0; i < Writes; i++)
            Assert.Equal($"f{i}", (string?)JsonNode.Parse((await reader.ReadLineAsync(patience.Token))!)!["object"]!["metadata"]!["name"]);
        await writing;
    }

    [Fact]
    public async Task Whoever_applies_what_others_make_in_that_moment_is_not_told_that_it_is_missing()
    {
        const int Many = 24;
        for (var round = 0; round < 100; round++)
        {
            var name = $"applied-{round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(one => Task.Run(async () =>
            {
                using var content = new StringContent($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"},"data":{"of-{{{one}}}":"x"}}""", new MediaTypeHeaderValue("application/apply-patch+yaml"));
                using var response = await admin.PatchAsync(new Uri($"{Maps}/{name}?fieldManager=m{one}", UriKind.Relative), content);
                return response.StatusCode;
            })));
            // One made it, and the others' fields are there as well.
            Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, Many - 1), HttpStatusCode.Created], answers.Order());
            Assert.Equal(Many, (await GetAsync($"{Maps}/{name}"))["data"]!.AsObject().Count);
        }
    }

    [Fact]
    public async Task A_watch_list_ends_its_start_with_a_bookmark()
    {
        using var reader = await WatchAsync($"{Maps}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        Assert.Equal(("ADDED", "kube-root-ca.crt"), await NextAsync(reader));
        var bookmark = JsonNode.Parse((await reader.ReadLineAsync())!)!;
        Assert.Equal("BOOKMARK", (string?)bookmark["type"]);
        Assert.Equal("true", (string?)bookmark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
    }

    [Fact]
    public async Task Rights_are_enforced_and_given_by_bindings()
    {
        using var ann = Client("ann-token");
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.GetAsync(Maps)).StatusCode);
        await PostAsync("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
            """{"metadata":{"name":"ann"},"roleRef":{"kind":"ClusterRole","name":"view"},"subjects":[{"kind":"User","name":"ann"}]}""");
        Assert.Equal(HttpStatusCode.OK, (await ann.GetAsync(Maps)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.GetAsync("/api/v1/namespaces/kube-system/configmaps")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.GetAsync("/api/v1/namespaces/default/secrets")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.DeleteAsync($"{Maps}/kube-root-ca.crt")).StatusCode);
    }

    [Fact]
    public async Task Nobody_grants_what_he_does_not_hold()
    {
        await PostAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles",
            """{"metadata":{"name":"role-writer"},"rules":[{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles","clusterroles"],"verbs":["create"]}]}""");
        await PostAsync("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            """{"metadata":{"name":"ann"},"roleRef":{"kind":"ClusterRole","name":"role-writer"},"subjects":[{"kind":"User","name":"ann"}]}""");
        using var ann = Client("ann-token");
        var refused = await ann.PostAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles",
            Json("""{"metadata":{"name":"more"},"rules":[{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}]}"""));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("not currently held", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_tokens_are_401_and_health_needs_none()
    {
        using var nobody = Client(null);
        using var wrong = Client("guess");
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync("/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await nobody.GetAsync(Maps)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await wrong.GetAsync("/readyz")).StatusCode);
    }

    [Fact]
    public async Task A_token_of_one_cluster_is_no_good_in_another()
    {
        host.Clusters.Add("edge");
        var issued = await PostAsync("/clusters/edge/api/v1/namespaces/default/serviceaccounts/default/token", "{}", HttpStatusCode.Unauthorized);
        Assert.Equal("Unauthorized", (string?)issued["reason"]);
        var token = (string?)(await PostAsync("/api/v1/namespaces/default/serviceaccounts/default/token", "{}"))["status"]!["token"];
        using var account = Client(token);
        Assert.Equal(HttpStatusCode.OK, (await account.GetAsync("/api")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await account.GetAsync("/clusters/edge/api")).StatusCode);
    }

    [Fact]
    public async Task Bodies_beyond_the_limit_are_413()
    {
        var large = new string('x', 3 << 20);
        var answer = await admin.PostAsync(Maps, Json($$$"""{"metadata":{"name":"large"},"data":{"x":"{{{large}}}"}}"""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    private async Task CreateAsync(string name, string labels = "{}") => await PostAsync(Maps, $$$"""{"metadata":{"name":"{{{name}}}","labels":{{{labels}}}}}""");

    private async Task PatchAsync(string name, string patch)
    {
        using var content = new StringContent(patch, Encoding.UTF8, "application/merge-patch+json");
        (await admin.PatchAsync($"{Maps}/{name}", content)).EnsureSuccessStatusCode();
    }

    private async Task<JsonObject> GetAsync(string path) => (JsonObject)(await admin.GetFromJsonAsync<JsonNode>(path))!;

    private async Task<JsonObject> PostAsync(string path, string body, HttpStatusCode expected = HttpStatusCode.Created)
    {
        var answer = await admin.PostAsync(path, Json(body));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, text);
        return (JsonObject)JsonNode.Parse(text)!;
    }

    private async Task<StreamReader> WatchAsync(string path)
    {
        var answer = await admin.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }

    private static async Task<(string?, string?)> NextAsync(StreamReader reader)
    {
        var line = JsonNode.Parse((await reader.ReadLineAsync())!)!;
        return ((string?)line["type"], (string?)line["object"]!["metadata"]!["name"]);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private HttpClient Client(string? token)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(host.CertificateAuthorityPath);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        var client = new HttpClient(handler) { BaseAddress = host.Address };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
