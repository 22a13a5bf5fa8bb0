using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Text;

namespace Fleet.Kubernetes.Http;

/// <summary>A tunnel through a proxy, for connections whose TLS layer is made by <see cref="TlsDialer"/>. Everything else uses the platform's own proxy support.</summary>
internal static class ProxyDialer
{
    /// <summary>A proxy's answer to CONNECT is a few lines.</summary>
    private const int LargestAnswer = 16 * 1024;

    internal static async ValueTask<Stream> ConnectAsync(Uri proxy, DnsEndPoint target, CancellationToken ct)
    {
        var stream = await TlsDialer.DialAsync(proxy.IdnHost, proxy.Port > 0 ? proxy.Port : 1080, ct);
        try
        {
            switch (proxy.Scheme)
            {
                case "http":
                    await TunnelAsync(stream, proxy, target, ct);
                    return stream;
                case "https":
                    var secured = new SslStream(stream);
                    await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = proxy.IdnHost }, ct);
                    await TunnelAsync(secured, proxy, target, ct);
                    return secured;
                case "socks5" or "socks5h":
                    await SocksAsync(stream, proxy, target, ct);
                    return stream;
                default:
                    throw new HttpRequestException($"a proxy of scheme {proxy.Scheme} is not supported");
            }
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    internal static NetworkCredential? CredentialsOf(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
            return null;
        var parts = proxy.UserInfo.Split(':', 2);
        return new(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    private static async Task TunnelAsync(Stream stream, Uri proxy, DnsEndPoint target, CancellationToken ct)
    {
        var authority = target.Host.Contains(':', StringComparison.Ordinal) ? $"[{target.Host}]:{target.Port}" : $"{target.Host}:{target.Port}";
        var request = $"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n";
        if (CredentialsOf(proxy) is { } user)
            request += $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user.UserName}:{user.Password}"))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request + "\r\n"), ct);

        // Byte by byte up to the empty line: what follows belongs to TLS and must not be swallowed.
        var answer = new byte[LargestAnswer];
        var length = 0;
        while (length < 4 || !answer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            if (length == answer.Length)
                throw new HttpRequestException("the proxy's answer is too long");
            await stream.ReadExactlyAsync(answer.AsMemory(length++, 1), ct);
        }

        var line = Encoding.ASCII.GetString(answer, 0, Math.Max(0, answer.AsSpan(0, length).IndexOf("\r\n"u8)));
        var words = line.Split(' ', 3);
        if (words.Length < 2 || words[1] != "200")
            throw new HttpRequestException($"the proxy refused the tunnel with {(words.Length > 1 ? words[1] : "an unreadable answer")}");
    }

    private static async Task SocksAsync(Stream stream, Uri proxy, DnsEndPoint target, CancellationToken ct)
    {
        var user = CredentialsOf(proxy);
        await stream.WriteAsync(user is null ? new byte[] { 5, 1, 0 } : [5, 2, 0, 2], ct);
        var answer = new byte[262];
        await stream.ReadExactlyAsync(answer.AsMemory(0, 2), ct);
        if (answer[0] != 5 || answer[1] == 0xff || answer[1] == 2 && user is null)
            throw new HttpRequestException("the SOCKS proxy accepts none of our ways to sign in");
        if (answer[1] == 2)
        {
            byte[] name = Encoding.UTF8.GetBytes(user!.UserName), password = Encoding.UTF8.GetBytes(user.Password);
            await stream.WriteAsync((byte[])[1, (byte)name.Length, .. name, (byte)password.Length, .. password], ct);
            await stream.ReadExactlyAsync(answer.AsMemory(0, 2), ct);
            if (answer[1] != 0)
                throw new HttpRequestException("the SOCKS proxy refused user name or password");
        }

        // Names are resolved by the proxy: that is mostly why there is one.
        byte[] address = IPAddress.TryParse(target.Host, out var ip)
            ? [(byte)(ip.GetAddressBytes().Length == 4 ? 1 : 4), .. ip.GetAddressBytes()]
            : [3, (byte)target.Host.Length, .. Encoding.ASCII.GetBytes(target.Host)];
        var port = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(port, (ushort)target.Port);
        await stream.WriteAsync((byte[])[5, 1, 0, .. address, .. port], ct);
        await stream.ReadExactlyAsync(answer.AsMemory(0, 5), ct);
        if (answer[1] != 0)
            throw new HttpRequestException($"the SOCKS proxy could not connect (code {answer[1]})");
        var rest = answer[3] switch { 1 => 4 - 1, 4 => 16 - 1, _ => answer[4] } + 2;
        await stream.ReadExactlyAsync(answer.AsMemory(5, rest), ct);
    }
}
