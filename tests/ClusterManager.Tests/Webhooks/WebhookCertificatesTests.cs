using System.Security.Cryptography.X509Certificates;
using Fleet.ClusterManager.Webhooks;

namespace Fleet.ClusterManager.Tests.Webhooks;

public class WebhookCertificatesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Names = ["127.0.0.1", "localhost"];

    [Fact]
    public void The_first_ones_fit_together_and_stay()
    {
        var made = WebhookCertificates.Renew(null, Names, Start);
        Assert.True(IsTrusted(made, Start));
        using var serving = made.ServingCertificate();
        Assert.True(serving.HasPrivateKey && serving.MatchesHostname("127.0.0.1") && serving.MatchesHostname("localhost"));
        Assert.Same(made, WebhookCertificates.Renew(made, Names, Start.AddDays(59)));
    }

    [Fact]
    public void A_serving_certificate_is_renewed_before_it_ends_and_when_it_is_called_otherwise()
    {
        var made = WebhookCertificates.Renew(null, Names, Start);
        var later = WebhookCertificates.Renew(made, Names, Start.AddDays(61));
        Assert.Equal(made.Authorities, later.Authorities);
        Assert.NotEqual(made.Serving, later.Serving);
        Assert.True(IsTrusted(later, Start.AddDays(100)));
        Assert.NotEqual(made.Serving, WebhookCertificates.Renew(made, ["fleet.kcm-system.svc"], Start).Serving);
    }

    [Fact]
    public void A_new_authority_is_trusted_a_step_before_it_signs()
    {
        var made = WebhookCertificates.Renew(WebhookCertificates.Renew(null, Names, Start), Names, Start.AddDays(480));
        var now = Start.AddDays(500);
        var announced = WebhookCertificates.Renew(made, Names, now);
        Assert.Equal(made.Serving, announced.Serving);
        Assert.EndsWith(made.Authorities, announced.Authorities, StringComparison.Ordinal);
        Assert.True(IsTrusted(announced, now));
        var signed = WebhookCertificates.Renew(announced, Names, now);
        Assert.NotEqual(announced.Serving, signed.Serving);
        Assert.Equal(announced.Authorities, signed.Authorities);
        Assert.True(IsTrusted(signed, now));
        Assert.Same(signed, WebhookCertificates.Renew(signed, Names, now));
    }

    [Fact]
    public void An_authority_that_has_ended_is_no_longer_trusted()
    {
        var made = WebhookCertificates.Renew(null, Names, Start);
        var now = Start.AddDays(800);
        Assert.DoesNotContain(made.Authorities.Trim(), WebhookCertificates.Renew(made, Names, now).Authorities, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("no certificate", "no key", "none", "none")]
    public void What_can_not_be_read_is_made_anew(string authorities, string authorityKey, string serving, string servingKey) =>
        Assert.True(IsTrusted(WebhookCertificates.Renew(new(authorities, authorityKey, serving, servingKey), Names, Start), Start));

    private static bool IsTrusted(WebhookCertificates certificates, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(certificates.Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        using var serving = X509Certificate2.CreateFromPem(certificates.Serving);
        return chain.Build(serving);
    }
}
