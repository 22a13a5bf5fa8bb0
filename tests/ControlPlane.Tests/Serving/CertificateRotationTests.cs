using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Fleet.ControlPlane.Hosting;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.Time;

namespace Fleet.ControlPlane.Tests.Serving;

/// <summary>A server that runs for more than the year that its certificates are good for.</summary>
public sealed class CertificateRotationTests
{
    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    [Fact]
    public async Task Certificates_are_made_anew_without_a_restart_and_whoever_trusts_the_authority_goes_on()
    {
        // TLS looks at the real clock: the days are such that each certificate is good by it, too, when it is shown.
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-310));
        await using var host = await ControlPlaneHost.StartAsync(new() { Clock = clock });
        var authority = await File.ReadAllTextAsync(host.CertificateAuthorityPath);
        var kubeconfig = await File.ReadAllTextAsync(host.KubeconfigPath);
        using var following = KubernetesClient.Create(KubeConfig.FollowEndpoint(host.KubeconfigPath, clock: clock), new() { UserAgent = "test" });
        using var former = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [host.KubeconfigPath] }), new() { UserAgent = "test" });
        await AskAsync(following);
        await AskAsync(former);
        using var first = await ServedAsync(host.Address, authority);
        using (var again = await ServedAsync(host.Address, authority))
            Assert.Equal(first.Thumbprint, again.Thumbprint);

        // Two months before its end the server has another one, of the same authority; nobody has to be told.
        clock.Jump(TimeSpan.FromDays(305.5));
        using var second = await ServedAsync(host.Address, authority);
        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
        Assert.True(second.NotAfter > first.NotAfter.AddDays(300));
        Assert.Equal(authority, await File.ReadAllTextAsync(host.CertificateAuthorityPath));
        await AskAsync(following);
        await AskAsync(former);

        // So has the administrator; for months both are good.
        clock.Advance(TimeSpan.FromHours(1));
        Assert.NotEqual(kubeconfig, await File.ReadAllTextAsync(host.KubeconfigPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.KubeconfigPath));
        await AskAsync(former);

        // The former one is over: who follows the file has not noticed.
        clock.Jump(TimeSpan.FromDays(60));
        await AskAsync(following);
        Assert.Equal((int)HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<KubeApiException>(() => AskAsync(former))).Code);
    }

    private static async Task AskAsync(IKubernetesClient client) => Assert.NotNull(await client.Dynamic(Namespaces).GetAsync(ObjectKey.Cluster("default"), CancellationToken.None));

    /// <summary>What a new connection is shown, checked against the authority alone.</summary>
    private static async Task<X509Certificate2> ServedAsync(Uri server, string authorityPem)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Host, server.Port);
        await using var tls = new SslStream(socket.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authorityPem);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host, CertificateChainPolicy = policy });
        return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
    }
}
