using System.Net;
using System.Text.Json.Nodes;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Api.Tests.SignIn;

/// <summary>The three services as programs of their own, with the settings that fleetd takes, before a management API that knows nothing of the provider.</summary>
public sealed class ServiceSignInTests
{
    [Fact]
    public async Task Each_service_knows_the_same_people_and_the_console_signs_in_at_the_ClusterManager()
    {
        await using var provider = await OidcProvider.StartAsync();
        await using var server = await EmbeddedApiServer.StartAsync();
        await using var host = await ApiHost.StartAsync(server);
        using var folder = new TemporaryFolder("services");
        var oidc = folder.Write("oidc.json", new JsonObject
        {
            ["issuerUrl"] = provider.Issuer, ["clientId"] = OidcProvider.Client, ["usernameClaim"] = "email", ["usernamePrefix"] = "oidc:", ["groupsClaim"] = "groups", ["groupsPrefix"] = "oidc:",
            ["caFile"] = provider.CertificateAuthorityFile,
        }.ToJsonString());
        var database = folder.Write("database", await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync());
        Uri[] addresses = [Next(), Next(), Next()];
        await using var manager = await StartAsync("ClusterManager", addresses[0], "--kubeconfig", server.KubeconfigPath, "--data", folder.File("manager"), "--helm", RealParts.Helm3.Path);
        await using var states = await StartAsync("StateManager", addresses[1], "--StateManager:Kubeconfig", server.KubeconfigPath, "--StateManager:Folder", folder.File("states"), "--StateManager:Helm", RealParts.Helm3.Path);
        await using var observability = await StartAsync("Observability", addresses[2], "--kubeconfig", server.KubeconfigPath, "--postgres", database);
        var good = provider.Sign(provider.Claims("alice", "platform"));
        foreach (var (service, address) in ((ServerProcess, Uri)[])[(manager, addresses[0]), (states, addresses[1]), (observability, addresses[2])])
        {
            using var http = new HttpClient { BaseAddress = address };
            await service.WaitUntilAsync(async ct => (await http.GetAsync(new Uri("/livez", UriKind.Relative), ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(120));
            Assert.Equal((200, "oidc:alice@example.test"), await WhoAsync(http, good));
            Assert.Equal(401, (await WhoAsync(http, good[..^8] + "AAAAAAAA")).Status);
            Assert.Equal(401, (await WhoAsync(http, provider.Sign(provider.Claims("alice"), new() { ["alg"] = "none" }, _ => []))).Status);
        }

        // What they may do is asked of the management API.
        using (var asked = new HttpClient { BaseAddress = addresses[0] })
        {
            asked.DefaultRequestHeaders.Authorization = new("Bearer", good);
            Assert.Equal(HttpStatusCode.Forbidden, (await asked.GetAsync(new Uri($"/api/v1/clusters?namespace={host.Namespace}", UriKind.Relative))).StatusCode);
            await OidcHost.GrantAsync(host, "oidc:platform", Rules.ReadClusters);
            await Wait.UntilAsync(async () => (await asked.GetAsync(new Uri($"/api/v1/clusters?namespace={host.Namespace}", UriKind.Relative))).IsSuccessStatusCode, "the right is known");
        }

        using var browser = new Browser(addresses[0]);
        var back = await provider.SignInAsync((await browser.GetAsync("/api/v1/auth/login?return=/clusters")).Headers.Location!, "alice");
        Assert.Equal("/clusters", (await browser.GetAsync(back.PathAndQuery)).Headers.Location!.OriginalString);
        using var fetched = await browser.PostAsync("/api/v1/auth/session", ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal("oidc:alice@example.test", (string?)JsonNode.Parse(await fetched.Content.ReadAsStringAsync())!["user"]);

        Task<ServerProcess> StartAsync(string service, Uri address, params string[] arguments) => ServerProcess.StartAsync(
            service, "dotnet", [Path.Combine(AppContext.BaseDirectory, $"Fleet.{service}.dll"), "--urls", address.AbsoluteUri, "--oidc", oidc, .. arguments], new Dictionary<string, string?> { ["KUBECONFIG"] = null });
    }

    private static Uri Next() => new($"http://127.0.0.1:{FreePort.Next()}");

    private static async Task<(int Status, string? User)> WhoAsync(HttpClient http, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/whoami", UriKind.Relative));
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["user"] : null);
    }
}
