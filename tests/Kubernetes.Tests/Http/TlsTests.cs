using Fleet.Kubernetes.Authentication;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Tests.Scripted;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Fleet.Kubernetes.Tests.Http;

public sealed class TlsTests : IDisposable
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private readonly TestAuthority authority = new();

    public void Dispose() => authority.Dispose();

    private Task<ScriptedServer> ServeAsync(string? dnsName = null, bool expired = false, Action<HttpsConnectionAdapterOptions>? more = null)
    {
        var certificate = authority.Server(dnsName, expired);
        return ScriptedServer.StartTlsAsync(Answer.Json(Answer.Item("a")), o =>
        {
            o.ServerCertificate = certificate;
            more?.Invoke(o);
        });
    }

    private static async Task<KubeApiException?> TryAsync(ScriptedServer server, ClusterEndpoint endpoint)
    {
        using var client = server.Client(endpoint: endpoint);
        try
        {
            await client.Resource(CoreTypes.ConfigMaps).GetAsync(new("ns", "a"), None);
            return null;
        }
        catch (KubeApiException e)
        {
            return e;
        }
    }

    [Fact]
    public async Task The_given_authority_is_trusted_and_http2_is_used()
    {
        await using var server = await ServeAsync();
        Assert.Null(await TryAsync(server, new() { Server = server.Address, CertificateAuthorityPem = authority.Pem }));
        Assert.Equal("HTTP/2", Assert.Single(server.Requests).Protocol);
    }

    [Fact]
    public async Task Another_authority_is_not_trusted()
    {
        using var other = new TestAuthority();
        await using var server = await ServeAsync();
        var error = await TryAsync(server, new() { Server = server.Address, CertificateAuthorityPem = other.Pem });
        Assert.Equal((KubeApiException.TlsFailed, false), (error?.Reason, error!.IsTransient));
        Assert.Equal(KubeApiException.TlsFailed, (await TryAsync(server, new() { Server = server.Address }))?.Reason);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        await using var server = await ServeAsync(expired: true);
        Assert.Equal(KubeApiException.TlsFailed, (await TryAsync(server, new() { Server = server.Address, CertificateAuthorityPem = authority.Pem }))?.Reason);
    }

    [Fact]
    public async Task The_tls_server_name_is_sent_and_checked_and_the_host_header_stays()
    {
        string? sni = null;
        var certificate = authority.Server("api.example.test");
        await using var server = await ScriptedServer.StartTlsAsync(Answer.Json(Answer.Item("a")), o => o.ServerCertificateSelector = (_, name) =>
        {
            sni = name;
            return certificate;
        });
        var endpoint = new ClusterEndpoint { Server = server.Address, CertificateAuthorityPem = authority.Pem };
        Assert.Equal(KubeApiException.TlsFailed, (await TryAsync(server, endpoint))?.Reason);
        Assert.Equal(KubeApiException.TlsFailed, (await TryAsync(server, endpoint with { TlsServerName = "other.example.test" }))?.Reason);
        Assert.Null(await TryAsync(server, endpoint with { TlsServerName = "api.example.test" }));
        Assert.Equal("api.example.test", sni);
        var request = Assert.Single(server.Requests);
        Assert.Equal(server.Address.Authority, request.Headers["Host"]);
        Assert.Equal("HTTP/2", request.Protocol);
    }

    [Fact]
    public async Task Insecure_accepts_anything()
    {
        await using var server = await ServeAsync("wrong.example.test", expired: true);
        Assert.Null(await TryAsync(server, new() { Server = server.Address, InsecureSkipTlsVerify = true }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_certificate_is_presented(bool rsa)
    {
        var (certificate, key) = authority.Client("jane", rsa);
        await using var server = await ServeAsync(more: o =>
        {
            o.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            o.AllowAnyClientCertificate();
        });
        Assert.Null(await TryAsync(server, new() { Server = server.Address, CertificateAuthorityPem = authority.Pem, Credential = ClusterCredential.Certificate(certificate, key) }));
        Assert.Equal("CN=jane", Assert.Single(server.Requests).ClientCertificate);
        Assert.NotNull(await TryAsync(server, new() { Server = server.Address, CertificateAuthorityPem = authority.Pem }));
    }

    [Theory]
    [InlineData("http", false)]
    [InlineData("http", true)]
    [InlineData("socks5", false)]
    [InlineData("socks5", true)]
    public async Task A_proxy_carries_the_connection_with_its_own_credentials(string scheme, bool withServerName)
    {
        await using var server = await ServeAsync(withServerName ? "api.example.test" : null);
        await using var proxy = TunnelProxy.Start(scheme == "socks5");
        var error = await TryAsync(server, new()
        {
            Server = server.Address,
            CertificateAuthorityPem = authority.Pem,
            TlsServerName = withServerName ? "api.example.test" : null,
            Proxy = new($"{scheme}://user:pa%24s@127.0.0.1:{proxy.Port}"),
        });
        Assert.True(error is null, error?.ToString());
        Assert.Equal([$"user:pa$s {server.Address.Authority}"], proxy.Tunnels);
    }
}
