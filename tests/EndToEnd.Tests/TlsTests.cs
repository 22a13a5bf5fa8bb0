using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests;

/// <summary>REST API, console and charts of a whole fleet over TLS: with an authority of its own, and with a certificate that is renewed from outside while it is asked.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task A_fleet_with_an_authority_of_its_own_is_trusted_by_its_CLI_and_its_charts_and_by_nobody_else()
    {
        await using var fleet = new Installation();
        var up = (await fleet.FleetAsync("up", "--tls")).MustSucceed().Out;
        Assert.Contains("https://127.0.0.1:", up, StringComparison.Ordinal);
        var rest = RestOf(fleet);
        var authority = Path.Combine(fleet.Data, "tls", "ca.crt");
        foreach (var secret in (string[])["ca.key", "tls.key"])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(fleet.Data, "tls", secret)));

        // The CLI takes the authority from the data folder, and templates come from the charts that are served at the same address.
        Assert.Contains("fleet-cli", (await fleet.FleetAsync("whoami")).MustSucceed().Out, StringComparison.Ordinal);
        Assert.Contains("REST https://", (await fleet.FleetAsync("doctor")).Out, StringComparison.Ordinal);
        (await fleet.KubectlAsync(fleet.Kubeconfig, "wait", "--for=jsonpath={.status.valid}=true", "clustertemplate/aws-standalone-cp-0-1-0", "-n", "kcm-system", "--timeout=60s")).MustSucceed();
        Assert.Contains("without TLS", (await DifferentAsync(fleet)).Error, StringComparison.Ordinal);

        // From elsewhere: nobody is trusted who is not named, and nothing is sent.
        var elsewhere = fleet.Write("stranger.pem", new TestAuthority().Pem);
        var refused = await fleet.FleetAsync("whoami", "--certificate-authority", elsewhere);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("is not trusted", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--certificate-authority", refused.Error, StringComparison.Ordinal);
        var kubeconfig = fleet.Write("copy.kubeconfig", await File.ReadAllTextAsync(fleet.Kubeconfig));
        string[] remote = ["whoami", "--kubeconfig", kubeconfig, "--rest", $"https://localhost:{rest.Port}"];
        refused = await fleet.FleetAsync(remote);
        Assert.Contains("is not trusted", refused.Error, StringComparison.Ordinal);
        (await fleet.FleetAsync([.. remote, "--certificate-authority", authority])).MustSucceed();
        fleet.Environment["FLEET_CA"] = authority;
        (await fleet.FleetAsync(remote)).MustSucceed();

        // Plain HTTP is no way in; what browsers are told of this machine says nothing of its other ports.
        using var plain = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new Uri($"http://127.0.0.1:{rest.Port}/livez")));
        Assert.DoesNotContain("Strict-Transport-Security", await AnswerAsync(rest, "localhost"), StringComparison.Ordinal);
        Assert.Contains("Strict-Transport-Security: max-age=", await AnswerAsync(rest, "fleet.example.com"), StringComparison.Ordinal);
        using var trusting = Trusting(await File.ReadAllTextAsync(authority));
        Assert.Contains("<html", await trusting.GetStringAsync(rest), StringComparison.Ordinal);

        // The next start keeps the authority, so that browsers need not be told again.
        var before = await File.ReadAllTextAsync(authority);
        (await fleet.FleetAsync("down")).MustSucceed();
        (await fleet.FleetAsync("up", "--tls")).MustSucceed();
        Assert.Equal(before, await File.ReadAllTextAsync(authority));
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_to_new_connections_while_none_fails_and_a_broken_pair_leaves_the_last_good_one()
    {
        using var authority = new TestAuthority();
        await using var fleet = new Installation();
        var first = authority.Issue(["localhost"]);
        var (certificate, key, trusted) = (fleet.Write("tls.crt", first.Certificate), fleet.Write("tls.key", first.Key), fleet.Write("ca.pem", authority.Pem));
        string[] up = ["up", "--tls-cert", certificate, "--tls-key", key, "--tls-ca", trusted];

        // What cannot be served stops the start, in plain words.
        foreach (var (issued, said) in new[] { (authority.Issue(["elsewhere.example.com"]), "neither 127.0.0.1 nor localhost"), (first with { Key = authority.Issue(["localhost"]).Key }, "does not belong") })
        {
            await File.WriteAllTextAsync(certificate, issued.Certificate);
            await File.WriteAllTextAsync(key, issued.Key);
            var failed = await fleet.FleetAsync(up);
            Assert.NotEqual(0, failed.ExitCode);
            Assert.Contains(said, failed.Out + failed.Error, StringComparison.Ordinal);
        }
        await File.WriteAllTextAsync(certificate, first.Certificate);
        await File.WriteAllTextAsync(key, first.Key);
        (await fleet.FleetAsync(up)).MustSucceed();
        var rest = RestOf(fleet);
        Assert.Equal("localhost", rest.Host);
        (await fleet.FleetAsync("whoami")).MustSucceed();

        using var stop = new CancellationTokenSource();
        var asking = AskAsync(rest, authority.Pem, stop.Token);
        Assert.Equal(first.Thumbprint, await ShownAsync(rest));
        var second = authority.Issue(["localhost"]);
        await SwapAsync(certificate, key, second);
        await FaultFleet.UntilAsync(async () => await ShownAsync(rest) == second.Thumbprint, "the renewed certificate is shown");

        // A key of another, an end that has passed, nothing at all: the second one stays, and the log says why.
        await SwapAsync(certificate, key, authority.Issue(["localhost"]) with { Key = first.Key });
        await FaultFleet.UntilAsync(() => LogOf(fleet).Contains("does not belong to the certificate", StringComparison.Ordinal), "the log tells of the key");
        Assert.Equal(second.Thumbprint, await ShownAsync(rest));
        await SwapAsync(certificate, key, authority.Issue(["localhost"], TimeSpan.FromDays(5), TimeSpan.FromDays(-1)));
        await FaultFleet.UntilAsync(() => LogOf(fleet).Contains("ended at", StringComparison.Ordinal), "the log tells of the end");
        File.Delete(key);
        await FaultFleet.UntilAsync(() => LogOf(fleet).Contains("cannot be read", StringComparison.Ordinal), "the log tells of the file");
        Assert.Equal(second.Thumbprint, await ShownAsync(rest));
        Assert.DoesNotContain("PRIVATE KEY", LogOf(fleet), StringComparison.Ordinal);

        await stop.CancelAsync();
        Assert.True(await asking > 100, "too few requests were made to say anything");

        // A certificate for another name is served, since whoever asks by that name may exist; nobody who asks by this one takes it.
        var third = authority.Issue(["elsewhere.example.com"]);
        await SwapAsync(certificate, key, third);
        await FaultFleet.UntilAsync(async () => await ShownAsync(rest) == third.Thumbprint, "the third certificate is shown");
        Assert.Contains("is not trusted", (await fleet.FleetAsync("whoami")).Error, StringComparison.Ordinal);
    }

    /// <returns>How many were answered; throws what any of them met.</returns>
    private static async Task<int> AskAsync(Uri rest, string authority, CancellationToken stop)
    {
        var answered = 0;
        using var lasting = Trusting(authority);
        while (!stop.IsCancellationRequested)
        {
            // One over the connection that was there first, one over a new one.
            using var passing = Trusting(authority);
            foreach (var client in (HttpClient[])[lasting, passing])
            {
                using var answer = await client.GetAsync(new Uri(rest, "livez"), CancellationToken.None);
                answer.EnsureSuccessStatusCode();
                answered++;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
        return answered;
    }

    private static HttpClient Trusting(string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authority);
        return new(new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = policy } });
    }

    /// <summary>Thumbprint of what a new connection is shown, whoever vouches for it.</summary>
    private static async Task<string> ShownAsync(Uri rest)
    {
        await using var stream = await ConnectAsync(rest);
        using var shown = new X509Certificate2(stream.RemoteCertificate!);
        return shown.Thumbprint;
    }

    /// <summary>Of <c>/livez</c> to whoever reaches this machine by another name, with its headers.</summary>
    private static async Task<string> AnswerAsync(Uri rest, string host)
    {
        await using var stream = await ConnectAsync(rest);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /livez HTTP/1.1\r\nHost: {host}:{rest.Port}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static async Task<SslStream> ConnectAsync(Uri rest)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, rest.Port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = rest.Host,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        });
        return stream;
    }

    /// <summary>As a kubelet and most renewers do: each file at once, one after the other.</summary>
    private static async Task SwapAsync(string certificate, string key, IssuedCertificate issued)
    {
        foreach (var (file, text) in new[] { (key, issued.Key), (certificate, issued.Certificate) })
        {
            await File.WriteAllTextAsync(file + ".new", text);
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    private static async Task<Testing.Processes.ProcessOutput> DifferentAsync(Installation fleet)
    {
        (await fleet.FleetAsync("down")).MustSucceed();
        (await fleet.FleetAsync("up")).MustSucceed();
        var asked = await fleet.FleetAsync("up", "--tls");
        (await fleet.FleetAsync("down")).MustSucceed();
        (await fleet.FleetAsync("up", "--tls")).MustSucceed();
        return asked;
    }

    private static Uri RestOf(Installation fleet) => new((string)JsonNode.Parse(File.ReadAllText(Path.Combine(fleet.Data, "run", "endpoints.json")))!["rest"]! + "/");

    private static string LogOf(Installation fleet)
    {
        using var reader = new StreamReader(new FileStream(fleet.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
