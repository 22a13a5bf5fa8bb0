using System.Net;
using Fleet.Rest.SignIn;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Api.Tests.SignIn;

/// <summary>Several admin APIs that people know as one, and one browser that is led to each of them.</summary>
internal sealed class SignInReplicas : IAsyncDisposable
{
    private Oidc.OidcProvider known = null!;

    public required string Database { get; init; }

    public OidcProvider Provider { get; private set; } = null!;

    public List<ApiHost> Hosts { get; } = [];

    /// <summary>One browser, at each replica.</summary>
    public List<Browser> Browsers { get; } = [];

    public static async Task<SignInReplicas> StartAsync(string database, int count)
    {
        var all = new SignInReplicas { Database = database, Provider = await OidcProvider.StartAsync() };
        var settings = Oidc.OidcSettings.Of(
            new()
            {
                ["issuerUrl"] = all.Provider.Issuer, ["clientId"] = OidcProvider.Client, ["usernameClaim"] = "email", ["usernamePrefix"] = "oidc:", ["groupsClaim"] = "groups", ["groupsPrefix"] = "oidc:", ["caFile"] = "ca",
            },
            _ => all.Provider.AuthorityPem);
        all.known = new(settings, TimeProvider.System);
        var server = await EmbeddedApiServer.SharedAsync();
        var cookies = new CookieContainer();
        var addresses = Enumerable.Range(0, count).Select(_ => new Uri($"http://127.0.0.1:{FreePort.Next()}")).ToList();
        foreach (var address in addresses)
        {
            all.Hosts.Add(await ApiHost.StartAsync(server, address, services => services.AddSignIn(new(settings, addresses[0]), all.known, judgesItself: true), database));
            all.Browsers.Add(new(address, cookies));
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        Browsers.ForEach(browser => browser.Dispose());
        foreach (var host in Hosts)
            await host.DisposeAsync();
        known.Dispose();
        await Provider.DisposeAsync();
    }
}
