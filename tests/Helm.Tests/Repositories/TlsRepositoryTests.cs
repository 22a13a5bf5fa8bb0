using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.Helm.Errors;
using Fleet.Helm.Repositories;
using Fleet.Helm.Tests.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Helm.Tests.Repositories;

public sealed class TlsRepositoryTests : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly HelmParts _parts = new(o => o with { IndexFreshFor = TimeSpan.Zero });
    private WebApplication? _app;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Run(c => c.Request.Path == "/downgrade/index.yaml"
            ? Redirect(c)
            : c.Response.WriteAsync("entries: {demo: [{version: 1.0.0, urls: [a.tgz]}]}"));
        await _app.StartAsync();
    }

    [Fact]
    public async Task An_unknown_authority_is_refused()
    {
        var e = await Assert.ThrowsAsync<HelmException>(() => VersionsAsync(new RepositorySource(Url)));
        Assert.Equal(HelmErrorKind.RepositoryUnreachable, e.Kind);
    }

    [Fact]
    public async Task The_repositorys_own_authority_is_accepted() =>
        Assert.Equal("1.0.0", Assert.Single(await VersionsAsync(new RepositorySource(Url) { CaBundle = _certificate.ExportCertificatePem() })).Version);

    [Fact]
    public async Task Another_authority_is_refused()
    {
        using var other = SelfSigned();
        await Assert.ThrowsAsync<HelmException>(() => VersionsAsync(new RepositorySource(Url) { CaBundle = other.ExportCertificatePem() }));
    }

    [Fact]
    public async Task Not_checking_must_be_asked_for_and_holds_for_that_repository_only()
    {
        Assert.Single(await VersionsAsync(new RepositorySource(Url) { SkipTlsVerify = true }));
        await Assert.ThrowsAsync<HelmException>(() => VersionsAsync(new RepositorySource(Url)));
    }

    [Fact]
    public async Task A_redirect_never_leads_from_https_to_http()
    {
        var e = await Assert.ThrowsAsync<HelmException>(() => VersionsAsync(new RepositorySource(Url + "/downgrade") { SkipTlsVerify = true }));
        Assert.Contains("from https to http", e.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _certificate.Dispose();
        _parts.Dispose();
    }

    private string Url => _app!.Urls.First();

    private Task<IReadOnlyList<ChartVersion>> VersionsAsync(RepositorySource source) =>
        _parts.Get<IChartRepositories>().VersionsAsync(source, "demo", CancellationToken.None);

    private static Task Redirect(HttpContext context)
    {
        context.Response.Redirect("http://127.0.0.1:1/index.yaml");
        return Task.CompletedTask;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=charts", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
