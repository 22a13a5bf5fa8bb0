using System.Collections.Concurrent;
using System.Net;
using Fleet.Kubernetes.Authentication;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Agent;
using Fleet.Observability.Clusters;
using Fleet.Observability.Collection;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Stores;
using Fleet.Observability.Kubelets;
using Fleet.Observability.Objects;
using Fleet.Testing;
using Fleet.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Observability.Tests.Agent;

/// <summary>Kubelets at their own port: whose certificates are believed, and who gets the agent's token. Over real TLS.</summary>
public sealed class DirectKubeletsTests : IAsyncLifetime
{
    private static readonly NodeRow Node = new() { Uid = "n", Name = "n", Address = "127.0.0.1", Cores = 2, IsReady = true };

    private readonly TemporaryFolder folder = new("kubelets");
    private readonly TestCertificates certificates = TestCertificates.ForLoopback();
    private readonly ConcurrentQueue<string> asked = new();
    private WebApplication kubelet = null!;
    private int status = 200;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int Port => new Uri(kubelet.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificates.Server)));
        kubelet = builder.Build();
        kubelet.Map("/{**path}", async context =>
        {
            asked.Enqueue($"{context.Request.Path} {context.Request.Headers.Authorization}");
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "https://elsewhere.example/";
            await context.Response.WriteAsync("what a kubelet says");
        });
        await kubelet.StartAsync();
        folder.Write("ca.crt", certificates.AuthorityPem);
        folder.Write("other.crt", TestCertificates.ForLoopback().AuthorityPem);
        folder.Write("token", "first");
    }

    public async ValueTask DisposeAsync()
    {
        await kubelet.DisposeAsync();
        certificates.Server.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("ca.crt")]
    // Asked for by --kubelet-insecure.
    [InlineData(null)]
    public async Task A_kubelet_that_is_trusted_gets_the_token_and_answers(string? ca)
    {
        using var kubelets = Direct(ca);
        using var answer = await kubelets.GetAsync(Node, "metrics/resource", Cancel);
        Assert.Equal("what a kubelet says", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(["/metrics/resource Bearer first"], asked);
    }

    [Fact]
    public async Task A_kubelet_with_a_certificate_of_somebody_else_gets_no_token_and_the_cluster_says_why_its_usage_is_missing()
    {
        using var kubelets = Direct("other.crt");
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => kubelets.GetAsync(Node, "metrics/resource", Cancel));
        Assert.Equal(HttpRequestError.SecureConnectionError, failure.HttpRequestError);
        using var reader = new KubeletReader(new CollectionOptions(), TimeProvider.System);
        var look = await reader.ReadAsync(kubelets, "c", new ClusterSnapshot { Nodes = [Node] }, KubeletSource.Summary, TimeSpan.Zero, Cancel);
        Assert.Contains("n: its certificate is not trusted", string.Join('\n', look.Problems), StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [Fact]
    public async Task A_certificate_for_another_address_is_not_believed()
    {
        using var kubelets = Direct("ca.crt");
        await Assert.ThrowsAsync<HttpRequestException>(() => kubelets.GetAsync(Node with { Address = "127.0.0.2" }, "metrics/resource", Cancel));
        Assert.Empty(asked);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    // A token goes where it was meant to go.
    [InlineData(302)]
    public async Task What_is_no_answer_is_told_by_its_code_alone(int code)
    {
        status = code;
        using var kubelets = Direct("ca.crt");
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => kubelets.GetAsync(Node, "stats/summary", Cancel));
        Assert.Equal((code, 1), (refused.Code, asked.Count));
        Assert.DoesNotContain("what a kubelet says", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_without_an_address_is_not_asked()
    {
        using var kubelets = Direct("ca.crt");
        Assert.Equal(404, (await Assert.ThrowsAsync<KubeApiException>(() => kubelets.GetAsync(Node with { Address = "" }, "stats/summary", Cancel))).Code);
    }

    [Theory]
    [InlineData("", "holds no PEM block CERTIFICATE")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "holds something that is no PEM certificate")]
    public void A_file_without_certificates_is_an_error_at_the_start(string text, string said)
    {
        folder.Write("empty.crt", text);
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => Direct("empty.crt")).Message, StringComparison.Ordinal);
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => new HttpTarget(new(new("https://fleet.example")) { CaFile = folder.File("empty.crt") }, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ca.crt", StoreVerdict.Accepted, "200")]
    [InlineData("other.crt", StoreVerdict.Unavailable, "SecureConnectionError")]
    // Nobody on this machine vouches for it.
    [InlineData(null, StoreVerdict.Unavailable, "SecureConnectionError")]
    internal async Task Fleet_itself_is_believed_by_the_file_as_well(string? ca, StoreVerdict verdict, string reason)
    {
        using var target = new HttpTarget(new(new($"https://127.0.0.1:{Port}/api/v1/looks")) { CaFile = ca is null ? null : folder.File(ca), TokenFile = folder.File("token") }, TimeProvider.System);
        var answer = await target.PostAsync(new byte[] { 1 }, _ => { }, Cancel);
        Assert.Equal((verdict, reason), (answer.Verdict, answer.Code));
        Assert.Equal(verdict == StoreVerdict.Accepted ? ["/api/v1/looks Bearer first"] : [], asked);
    }

    [Theory]
    [InlineData("summary", "ca.crt", null, KubeletSource.Summary, false)]
    [InlineData("metrics", null, "true", KubeletSource.Metrics, true)]
    [InlineData("none", null, null, KubeletSource.None, false)]
    [InlineData(null, null, null, KubeletSource.None, false)]
    internal void Settings_say_which_kubelets_are_believed(string? kubelets, string? ca, string? insecure, KubeletSource source, bool any)
    {
        var options = AgentOptions.For(Settings(kubelets, ca, insecure));
        Assert.Equal((source, ca, any, "/etc/fleet/ca.crt"), (options.Kubelets, options.KubeletCaFile, options.AnyKubelet, options.Fleet.CaFile));
    }

    [Theory]
    [InlineData(null)]
    // Only the word says it.
    [InlineData("yes")]
    public void Kubelets_are_not_asked_while_nothing_says_whom_to_believe(string? insecure) =>
        Assert.Contains("--kubelet-ca", Assert.Throws<FormatException>(() => AgentOptions.For(Settings("summary", null, insecure))).Message, StringComparison.Ordinal);

    private static Func<string, string?> Settings(string? kubelets, string? ca, string? insecure) => name => name switch
    {
        "fleet" => "https://fleet.example",
        "token-file" => "/etc/fleet/token",
        "ca-file" => "/etc/fleet/ca.crt",
        "queue" => "/var/lib/fleet",
        "kubelets" => kubelets,
        "kubelet-ca" => ca,
        "kubelet-insecure" => insecure,
        _ => null,
    };

    private DirectKubelets Direct(string? ca) => new(ClusterCredential.TokenFile(folder.File("token")), ca is null ? null : folder.File(ca), Port);
}
