using System.Security.Cryptography.X509Certificates;
using Fleet.Control.Certificates;

namespace Fleet.Control.Tests.Certificates;

public class ServingCertificatesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly AuthorityTerms Terms = new("fleet-test", TimeSpan.FromDays(730));

    private static readonly string[] Names = ["127.0.0.1", "localhost"];

    [Fact]
    public void The_first_ones_fit_together_and_stay()
    {
        var made = ServingCertificates.Renew(null, Terms, Names, Start);
        Assert.True(IsTrusted(made, Start));
        using var serving = made.ServingCertificate();
        Assert.True(serving.HasPrivateKey && serving.MatchesHostname("127.0.0.1") && serving.MatchesHostname("localhost"));
        Assert.Same(made, ServingCertificates.Renew(made, Terms, Names, Start.AddDays(59)));
    }

    [Fact]
    public void A_serving_certificate_is_renewed_before_it_ends_and_when_it_is_called_otherwise()
    {
        var made = ServingCertificates.Renew(null, Terms, Names, Start);
        var later = ServingCertificates.Renew(made, Terms, Names, Start.AddDays(61));
        Assert.Equal(made.Authorities, later.Authorities);
        Assert.NotEqual(made.Serving, later.Serving);
        Assert.True(IsTrusted(later, Start.AddDays(100)));
        Assert.NotEqual(made.Serving, ServingCertificates.Renew(made, Terms, ["fleet.kcm-system.svc"], Start).Serving);
    }

    [Fact]
    public void A_new_authority_is_trusted_a_step_before_it_signs()
    {
        var made = ServingCertificates.Renew(ServingCertificates.Renew(null, Terms, Names, Start), Terms, Names, Start.AddDays(480));
        var now = Start.AddDays(500);
        var announced = ServingCertificates.Renew(made, Terms, Names, now);
        Assert.Equal(made.Serving, announced.Serving);
        Assert.EndsWith(made.Authorities, announced.Authorities, StringComparison.Ordinal);
        Assert.True(IsTrusted(announced, now));
        var signed = ServingCertificates.Renew(announced, Terms, Names, now);
        Assert.NotEqual(announced.Serving, signed.Serving);
        Assert.Equal(announced.Authorities, signed.Authorities);
        Assert.True(IsTrusted(signed, now));
        Assert.Same(signed, ServingCertificates.Renew(signed, Terms, Names, now));
    }

    [Fact]
    public void An_authority_that_has_ended_is_no_longer_trusted()
    {
        var made = ServingCertificates.Renew(null, Terms, Names, Start);
        var now = Start.AddDays(800);
        Assert.DoesNotContain(made.Authorities.Trim(), ServingCertificates.Renew(made, Terms, Names, now).Authorities, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("no certificate", "no key", "none", "none")]
    public void What_can_not_be_read_is_made_anew(string authorities, string authorityKey, string serving, string servingKey) =>
        Assert.True(IsTrusted(ServingCertificates.Renew(new(authorities, authorityKey, serving, servingKey), Terms, Names, Start), Start));

    private static bool IsTrusted(ServingCertificates certificates, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(certificates.Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        using var serving = X509Certificate2.CreateFromPem(certificates.Serving);
        return chain.Build(serving);
    }

    /// <summary>Callers may have been told of the authority by hand.</summary>
    [Fact]
    public void A_broken_serving_key_does_not_cost_the_authority()
    {
        var made = ServingCertificates.Renew(null, Terms, Names, Start);
        var mended = ServingCertificates.Renew(made with { ServingKey = "none" }, Terms, Names, Start);
        Assert.Equal((made.Authorities, made.AuthorityKey), (mended.Authorities, mended.AuthorityKey));
        Assert.True(IsTrusted(mended, Start));
        using var serving = mended.ServingCertificate();
        Assert.True(serving.HasPrivateKey);
        var late = ServingCertificates.Renew(made with { ServingKey = "none" }, Terms, Names, Start.AddDays(800));
        Assert.True(IsTrusted(late, Start.AddDays(800)));
    }

    [Fact]
    public void Keys_are_not_printed() => Assert.DoesNotContain("PRIVATE KEY", $"{ServingCertificates.Renew(null, Terms, Names, Start)}", StringComparison.Ordinal);
}
