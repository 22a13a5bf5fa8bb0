using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Fleet.Host.Tls;
using Fleet.Rest.Tls;
using Fleet.Testing;
using Fleet.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Api.Tests.Tls;

/// <summary>The certificates of a fleet with an authority of its own, which runs for longer than they last.</summary>
public sealed class OwnCertificatesTests
{
    private const UnixFileMode OnlyMe = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task They_are_renewed_while_the_fleet_runs_and_stay_what_callers_trust()
    {
        using var folder = new TemporaryFolder("own-certificates");
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-65));
        var own = new OwnCertificates(folder.File("tls"), clock, NullLogger<OwnCertificates>.Instance);
        var authority = own.Renew();
        var first = await File.ReadAllTextAsync(own.Files.Certificate, TestContext.Current.CancellationToken);
        Assert.Equal(authority, own.Renew());
        Assert.Equal(first, await File.ReadAllTextAsync(own.Files.Certificate, TestContext.Current.CancellationToken));

        var told = Channel.CreateUnbounded<string>();
        using var stop = new CancellationTokenSource();
        var keeping = own.KeepAsync(async (trusted, ct) => await told.Writer.WriteAsync(trusted, ct), stop.Token);
        clock.Jump(TimeSpan.FromDays(61));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(authority, await told.Reader.ReadAsync(TestContext.Current.CancellationToken));
        await stop.CancelAsync();
        await keeping;

        Assert.NotEqual(first, await File.ReadAllTextAsync(own.Files.Certificate, TestContext.Current.CancellationToken));
        Assert.Equal(authority, await File.ReadAllTextAsync(own.Authority, TestContext.Current.CancellationToken));
        foreach (var secret in (string[])["ca.key", "tls.key"])
            Assert.Equal(OnlyMe, File.GetUnixFileMode(folder.File("tls", secret)));
        // It can be served as it is, by its names, to whoever trusts the authority.
        var served = TlsServices.Open(own.Files, clock).Leaf;
        Assert.True(served.MatchesHostname("127.0.0.1") && served.MatchesHostname("localhost"));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        Assert.True(chain.Build(served));
    }

    [Fact]
    public void A_broken_key_is_made_anew_and_the_authority_stays()
    {
        using var folder = new TemporaryFolder("own-certificates");
        var own = new OwnCertificates(folder.File("tls"), TimeProvider.System, NullLogger<OwnCertificates>.Instance);
        var authority = own.Renew();
        File.WriteAllText(own.Files.Key, "no key");
        Assert.Equal(authority, own.Renew());
        TlsServices.Open(own.Files, TimeProvider.System);
    }
}
