using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Fleet.Testing.Processes;

namespace Fleet.Testing.Servers;

/// <summary>A relay that takes mail only over STARTTLS and with a password: Debian's aiosmtpd.</summary>
public sealed class SmtpRelay : IAsyncDisposable
{
    public const string User = "fleet";
    public const string Password = "a pässword";

    private readonly TemporaryFolder _folder = new("smtp");
    private ServerProcess? _server;

    public int Port { get; } = FreePort.Next();

    public string AuthorityPem { get; private set; } = "";

    public static async Task<SmtpRelay> StartAsync()
    {
        var relay = new SmtpRelay();
        var certificates = TestCertificates.ForLoopback();
        relay.AuthorityPem = certificates.AuthorityPem;
        relay._folder.Write("relay.crt", certificates.Server.ExportCertificatePem());
        relay._folder.Write("relay.key", certificates.Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        relay._server = await ServerProcess.StartAsync("smtp-relay", "/usr/bin/python3", [
            RealParts.SmtpRelay, relay.Port.ToString(CultureInfo.InvariantCulture), relay._folder.File("relay.crt"), relay._folder.File("relay.key"), User, Password]);
        await relay._server.WaitUntilAsync(
            async ct =>
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", relay.Port, ct);
                return true;
            },
            TimeSpan.FromSeconds(120));
        TestLogs.NoteUsed("aiosmtpd");
        return relay;
    }

    /// <summary>Mail that it has taken.</summary>
    public IReadOnlyList<JsonObject> Mails()
    {
        using var log = new StreamReader(new FileStream(_server!.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        // What follows the last line feed is still being written.
        return [.. log.ReadToEnd().Split('\n')[..^1].Where(line => line.StartsWith("{\"from\"", StringComparison.Ordinal)).Select(line => (JsonObject)JsonNode.Parse(line)!)];
    }

    /// <summary>Waits until it has taken so many: a mail is in the log a moment after the sender was told that it was taken.</summary>
    public async Task<IReadOnlyList<JsonObject>> MailsAsync(int count)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var mails = Mails();
            if (mails.Count >= count)
            {
                return mails;
            }

            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(120))
            {
                throw new TimeoutException($"The relay has taken {mails.Count} mails instead of {count} after 120 s");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_server is { } running)
        {
            await running.DisposeAsync();
        }

        _folder.Dispose();
    }
}
