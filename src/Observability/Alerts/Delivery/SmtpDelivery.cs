using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Fleet.Observability.Alerts.Delivery;

/// <summary>Where mail goes.</summary>
internal sealed record MailRelay(string Host, int Port, string Tls, string? CaPem, string? Username, string? Password);

/// <summary>
/// Hands one mail to a relay by SMTP. The platform's own client resolves the name itself, and so would connect wherever that leads; this one connects by the guard. With StartTls nothing but the
/// greeting goes in the clear: a relay that does not offer it is not told anything.
/// </summary>
internal sealed class SmtpDelivery(AddressGuard guard, AlertOptions options)
{
    private const int LongestLine = 2048;
    private const int MostLines = 100;

    public async Task<DeliveryOutcome> SendAsync(MailRelay relay, string from, IReadOnlyList<string> to, byte[] mail, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.DeliveryTimeout);
        try
        {
            await using var connection = new Connection(await guard.ConnectAsync(relay.Host, relay.Port, limit.Token));
            return await ConverseAsync(connection, relay, from, to, mail, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return DeliveryOutcome.Failed($"the relay did not answer within {options.DeliveryTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
        catch (SmtpAnswerException e)
        {
            // 5yz is for ever by the standard, but passwords and relays are mended; a mailbox that does not exist and a mail that is not wanted are not.
            var message = $"the relay answers {e.Code} to {e.Step}";
            return e.Code is >= 550 and < 560 ? DeliveryOutcome.Refused(message, e.Code) : DeliveryOutcome.Failed(message, e.Code);
        }
        catch (AddressRefusedException e)
        {
            return DeliveryOutcome.Failed(e.Message);
        }
        catch (AuthenticationException)
        {
            return DeliveryOutcome.Failed("the relay's certificate is not trusted");
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or CryptographicException)
        {
            return DeliveryOutcome.Failed($"the relay can not be reached, or is none ({e.GetType().Name})");
        }
    }

    private static async Task<DeliveryOutcome> ConverseAsync(Connection connection, MailRelay relay, string from, IReadOnlyList<string> to, byte[] mail, CancellationToken ct)
    {
        if (relay.Tls == "Implicit")
            await connection.EncryptAsync(relay, ct);
        await connection.ExpectAsync(220, "the greeting", ct);
        var offered = await connection.AskAsync("EHLO fleet", 250, "EHLO", ct);
        if (relay.Tls == "StartTls")
        {
            if (!offered.Contains("STARTTLS"))
                return DeliveryOutcome.Failed("the relay does not offer STARTTLS");
            await connection.AskAsync("STARTTLS", 220, "STARTTLS", ct);
            await connection.EncryptAsync(relay, ct);
            // What was offered in the clear is worth nothing.
            offered = await connection.AskAsync("EHLO fleet", 250, "EHLO", ct);
        }
        if (relay is { Username: { } user, Password: { } password })
        {
            if (!connection.IsEncrypted)
                return DeliveryOutcome.Failed("a password is sent over TLS only");
            await AuthenticateAsync(connection, offered, user, password, ct);
        }
        await connection.AskAsync($"MAIL FROM:<{from}>", 250, "the sender", ct);
        foreach (var recipient in to)
            await connection.AskAsync($"RCPT TO:<{recipient}>", 250, "a recipient", ct);
        await connection.AskAsync("DATA", 354, "DATA", ct);
        await connection.SendAsync(Stuffed(mail), ct);
        await connection.AskAsync(".", 250, "the mail", ct);
        // It has the mail: how it says goodbye is no matter.
        await connection.SendAsync("QUIT\r\n"u8.ToArray(), ct);
        return DeliveryOutcome.Delivered(250);
    }

    private static async Task AuthenticateAsync(Connection connection, IReadOnlyList<string> offered, string user, string password, CancellationToken ct)
    {
        var mechanisms = offered.FirstOrDefault(line => line.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))?.ToUpperInvariant().Split(' ') ?? [];
        if (mechanisms.Contains("PLAIN") || !mechanisms.Contains("LOGIN"))
        {
            await connection.AskAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", 235, "the password", ct);
            return;
        }
        await connection.AskAsync("AUTH LOGIN", 334, "the password", ct);
        await connection.AskAsync(Base64(user), 334, "the password", ct);
        await connection.AskAsync(Base64(password), 235, "the password", ct);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>A line that begins with a dot gets another: one dot alone ends the mail.</summary>
    private static byte[] Stuffed(byte[] mail)
    {
        var text = Encoding.Latin1.GetString(mail);
        if (text.StartsWith('.'))
            text = "." + text;
        return Encoding.Latin1.GetBytes(text.Replace("\r\n.", "\r\n..", StringComparison.Ordinal));
    }

    private sealed class SmtpAnswerException(int code, string step) : Exception
    {
        public int Code { get; } = code;

        public string Step { get; } = step;
    }

    private sealed class Connection(Stream stream) : IAsyncDisposable
    {
        private readonly byte[] buffer = new byte[4096];
        private Stream stream = stream;
        private int start, end;

        public bool IsEncrypted => stream is SslStream;

        public async Task EncryptAsync(MailRelay relay, CancellationToken ct)
        {
            // What came before the handshake was said by anybody.
            if (start != end)
                throw new InvalidDataException();
            var encrypted = new SslStream(stream);
            stream = encrypted;
            var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
            if (relay.CaPem is { } authority)
            {
                policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                policy.CustomTrustStore.ImportFromPem(authority);
            }
            await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = relay.Host, CertificateChainPolicy = policy }, ct);
        }

        public async Task<IReadOnlyList<string>> AskAsync(string line, int expected, string step, CancellationToken ct)
        {
            await SendAsync(Encoding.UTF8.GetBytes(line + "\r\n"), ct);
            return await ExpectAsync(expected, step, ct);
        }

        public async Task<IReadOnlyList<string>> ExpectAsync(int expected, string step, CancellationToken ct)
        {
            var lines = new List<string>();
            while (true)
            {
                var line = await LineAsync(ct);
                if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || lines.Count > MostLines)
                    throw new InvalidDataException();
                lines.Add(line.Length > 4 ? line[4..] : "");
                if (line.Length > 3 && line[3] == '-')
                    continue;
                // 251: the recipient is elsewhere, and it is taken.
                return code == expected || (expected == 250 && code == 251) ? lines : throw new SmtpAnswerException(code, step);
            }
        }

        public async Task SendAsync(byte[] bytes, CancellationToken ct)
        {
            await stream.WriteAsync(bytes, ct);
            await stream.FlushAsync(ct);
        }

        public ValueTask DisposeAsync() => stream.DisposeAsync();

        private async Task<string> LineAsync(CancellationToken ct)
        {
            var line = new StringBuilder();
            while (true)
            {
                for (; start < end; start++)
                {
                    if (buffer[start] == '\n')
                    {
                        start++;
                        return line.ToString().TrimEnd('\r');
                    }
                    if (line.Append((char)buffer[start]).Length > LongestLine)
                        throw new InvalidDataException();
                }
                (start, end) = (0, await stream.ReadAsync(buffer, ct));
                if (end == 0)
                    throw new EndOfStreamException();
            }
        }
    }
}
