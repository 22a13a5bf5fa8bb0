using System.Net.Security;
using System.Net.Sockets;

namespace Fleet.Kubernetes.Http;

/// <summary>Connects and makes TLS with a server name of its own, which is sent as SNI and checked against the certificate.</summary>
internal sealed class TlsDialer(Uri? proxy, SslClientAuthenticationOptions tls)
{
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var stream = proxy is not null
            ? await ProxyDialer.ConnectAsync(proxy, context.DnsEndPoint, ct)
            : await DialAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct);
        try
        {
            var secured = new SslStream(stream);
            await secured.AuthenticateAsClientAsync(tls, ct);
            return secured;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    internal static async ValueTask<Stream> DialAsync(string host, int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
