using System.Diagnostics;
using System.Text.Json.Nodes;
using Fleet.Host.Management;
using Fleet.Rest.SignIn;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Api.Tests.SignIn;

/// <summary>The admin API whose people come from a real OpenID provider, in each of the ways in which a fleet can know them.</summary>
internal sealed class OidcHost : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> owned = [];

    private OidcHost(OidcProvider provider, ApiHost host, Oidc.OidcProvider known)
    {
        (Provider, Host, Known) = (provider, host, known);
    }

    public OidcProvider Provider { get; }

    public ApiHost Host { get; }

    /// <summary>What the fleet knows of the provider.</summary>
    public Oidc.OidcProvider Known { get; }

    /// <param name="way"><c>embedded</c>: the embedded API server knows the provider. <c>kube-apiserver</c>: a real one does, by its own flags. <c>api only</c>: the management API does not, the REST API does.</param>
    public static async Task<OidcHost> StartAsync(string way, TimeProvider? clock = null)
    {
        var provider = await OidcProvider.StartAsync();
        var settings = Oidc.OidcSettings.Of(
            new()
            {
                ["issuerUrl"] = provider.Issuer, ["clientId"] = OidcProvider.Client, ["usernameClaim"] = "email", ["usernamePrefix"] = "oidc:", ["groupsClaim"] = "groups", ["groupsPrefix"] = "oidc:", ["caFile"] = "ca",
            },
            _ => provider.AuthorityPem);
        var known = new Oidc.OidcProvider(settings, clock ?? TimeProvider.System);
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        IApiServerFixture server = way switch
        {
            "embedded" => await EmbeddedApiServer.StartAsync(new() { TokenAuthenticator = new ProviderTokens(known, clock ?? TimeProvider.System, NullLogger<ProviderTokens>.Instance) }),
            "kube-apiserver" => await RealApiServer.StartAsync(withControllers: false, flags:
            [
                $"--oidc-issuer-url={provider.Issuer}", $"--oidc-client-id={OidcProvider.Client}", $"--oidc-ca-file={provider.CertificateAuthorityFile}", "--oidc-username-claim=email", "--oidc-username-prefix=oidc:",
                "--oidc-groups-claim=groups", "--oidc-groups-prefix=oidc:",
            ]),
            "api only" => await EmbeddedApiServer.SharedAsync(),
            _ => throw new ArgumentOutOfRangeException(nameof(way)),
        };
        if (way == "kube-apiserver")
            await UntilKnownAsync(server, provider);
        var host = await ApiHost.StartAsync(server, address, services => services.AddSignIn(new(settings, address), known, judgesItself: way == "api only"));
        var all = new OidcHost(provider, host, known);
        if (way != "api only" && server is IAsyncDisposable own)
            all.owned.Add(own);
        return all;
    }

    /// <summary>A real one begins to ask the provider when it starts, is ready before it has the answer, and knows nobody of the provider's until then.</summary>
    private static async Task UntilKnownAsync(IApiServerFixture server, OidcProvider provider)
    {
        var token = provider.Sign(provider.Claims("alice", "platform"));
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System))
        {
            var said = await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path,
                ["--server", server.Server.AbsoluteUri, "--insecure-skip-tls-verify", "--kubeconfig", "/dev/null", "--token", token, "auth", "can-i", "--list"]);
            if (said.ExitCode == 0)
                return;
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1), $"kube-apiserver does not know the provider's people: {said.Error}");
        }
    }

    /// <summary>Rights of a group of the provider.</summary>
    public Task GrantAsync(string group, string rules) => GrantAsync(Host, group, rules);

    public static async Task GrantAsync(ApiHost host, string group, string rules)
    {
        await host.ApplyAsync($"{{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {{name: people, namespace: {host.Namespace}}}, rules: [{rules}]}}");
        await host.ApplyAsync(
            $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {{name: people, namespace: {host.Namespace}}}, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: people}}, "
            + $"subjects: [{{apiGroup: rbac.authorization.k8s.io, kind: Group, name: '{group}'}}]}}");
    }

    public async Task<(int Status, JsonNode? Who)> WhoAsync(string token)
    {
        using var answer = await Host.Caller(token).AskAsync("/whoami");
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        foreach (var one in owned)
            await one.DisposeAsync();
        Known.Dispose();
        await Provider.DisposeAsync();
    }
}
