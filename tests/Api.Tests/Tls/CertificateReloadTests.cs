using Fleet.Rest.Tls;
using Fleet.Testing.Servers;

namespace Fleet.Api.Tests.Tls;

/// <summary>Which pairs are served, at the start and when the files changed.</summary>
public sealed class CertificateReloadTests
{
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static readonly TestAuthority Authority = new();

    private static readonly PemPair Good = Pair(Authority.Issue(["localhost"]));

    private static readonly PemPair Other = Pair(Authority.Issue(["localhost"]));

    public static TheoryData<string, string> Broken => new()
    {
        { "key of another", "does not belong" },
        { "no key", "does not belong" },
        { "encrypted", "encrypted" },
        { "no certificate", "no PEM block CERTIFICATE" },
        { "no PEM", "no PEM" },
        { "over", "ended" },
        { "not begun", "on only" },
        { "client", "not meant for servers" },
    };

    [Fact]
    public void What_is_as_before_is_left_alone_and_what_is_new_is_served()
    {
        var served = ServerCertificate.Open(Good, Now);
        Assert.Same(ReloadDecision.Nothing, CertificateReload.Decide(served, () => new(Good.Certificate, Good.Key), Now));
        var decision = CertificateReload.Decide(served, () => Other, Now);
        Assert.Null(decision.Problem);
        Assert.Equal(Other, decision.Next!.Source);
        Assert.True(decision.Next.Context.TargetCertificate.HasPrivateKey);
    }

    [Theory, MemberData(nameof(Broken))]
    public void A_broken_pair_leaves_the_last_good_one_and_is_told(string what, string said)
    {
        var decision = CertificateReload.Decide(ServerCertificate.Open(Good, Now), () => PairOf(what), Now);
        Assert.Null(decision.Next);
        Assert.Contains(said, decision.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", decision.Problem, StringComparison.Ordinal);
        Assert.Contains(said, Assert.Throws<FormatException>(() => ServerCertificate.Open(PairOf(what), Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_cannot_be_read_leave_the_last_good_one_and_are_told_by_their_name()
    {
        var decision = CertificateReload.Decide(ServerCertificate.Open(Good, Now), new TlsFiles("/nowhere/tls.crt", "/nowhere/tls.key").Read, Now);
        Assert.Null(decision.Next);
        Assert.Contains("/nowhere/tls.crt", decision.Problem, StringComparison.Ordinal);
    }

    /// <summary>The certificates between it and its authority are shown too, or nobody could check it.</summary>
    [Fact]
    public void Certificates_on_the_way_to_the_authority_are_kept()
    {
        using var second = new TestAuthority("on the way", Authority);
        var issued = second.Issue(["localhost"]);
        var opened = ServerCertificate.Open(new(issued.Certificate + second.Pem, issued.Key), Now);
        Assert.Equal(issued.Thumbprint, opened.Leaf.Thumbprint);
        Assert.Equal("CN=on the way", Assert.Single(opened.Context.IntermediateCertificates).Subject);
    }

    [Theory]
    [InlineData(null, false, null)]
    [InlineData("http://+:8081", false, null)]
    [InlineData("https://+:8081", true, null)]
    [InlineData("https://+:8081;http://127.0.0.1:9000", true, null)]
    [InlineData("https://+:8081", false, "needs a certificate")]
    [InlineData("http://+:8081", true, "an address with https")]
    [InlineData(null, true, "an address with https")]
    [InlineData("https://+:8081;http://+:9000", true, "without TLS")]
    public void Addresses_and_certificate_fit_together(string? urls, bool hasCertificate, string? refused)
    {
        if (refused is null)
            TlsServices.CheckAddresses(urls, hasCertificate);
        else
            Assert.Contains(refused, Assert.Throws<FormatException>(() => TlsServices.CheckAddresses(urls, hasCertificate)).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("a", null), InlineData(null, "b")]
    public void A_certificate_without_its_key_is_refused(string? certificate, string? key) => Assert.Throws<FormatException>(() => TlsFiles.For(certificate, key));

    private static PemPair PairOf(string what) => what switch
    {
        "key of another" => Good with { Key = Other.Key },
        "no key" => Good with { Key = "" },
        "encrypted" => Good with { Key = Good.Key.Replace("PRIVATE", "ENCRYPTED PRIVATE", StringComparison.Ordinal) },
        "no certificate" => Good with { Certificate = "" },
        "no PEM" => Good with { Certificate = "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n" },
        "over" => Pair(Authority.Issue(["localhost"], TimeSpan.FromDays(3), TimeSpan.FromDays(-1))),
        "not begun" => Pair(Authority.Issue(["localhost"], TimeSpan.FromDays(-1))),
        "client" => Pair(Authority.Issue(["localhost"], use: ClientUse)),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };

    private static PemPair Pair(IssuedCertificate issued) => new(issued.Certificate, issued.Key);
}
