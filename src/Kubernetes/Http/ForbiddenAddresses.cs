using System.Net;
using System.Net.Sockets;

namespace Fleet.Kubernetes.Http;

/// <summary>
/// Addresses that nothing that users name may be at: link-local ones and the metadata services of clouds, which hand out credentials of the machine to whoever asks from it. The
/// address that is connected to is looked at, after its name was resolved: a name that leads elsewhere the second time, and a redirect, do not help.
/// </summary>
public static class ForbiddenAddresses
{
    /// <summary>Metadata services outside of the link-local range.</summary>
    private static readonly IPAddress[] Metadata = [IPAddress.Parse("100.100.100.200"), IPAddress.Parse("192.0.0.192"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("fd20:ce::254")];

    /// <summary>Loopback is none of them: whether it may be used depends on who names it.</summary>
    public static bool Contains(IPAddress address)
    {
        var plain = Plain(address);
        if (IPAddress.IsLoopback(plain))
            return false;
        if (Metadata.Contains(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any) || plain.Equals(IPAddress.Broadcast))
            return true;
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? plain.GetAddressBytes() is [0, ..] or [169, 254, ..] or [>= 224, ..]
            : plain is not { IsIPv6LinkLocal: false, IsIPv6Multicast: false, IsIPv6SiteLocal: false };
    }

    /// <summary>IPv4 in IPv6, by whichever of the ways there are.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return bytes switch
        {
            // NAT64 and 6to4.
            [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, var a, var b, var c, var d] => new IPAddress([a, b, c, d]),
            [0x20, 0x02, var a, var b, var c, var d, ..] when bytes.Length == 16 => new IPAddress([a, b, c, d]),
            _ => address,
        };
    }

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>: connects to the first address of the host that may be connected to and answers.</summary>
    /// <exception cref="ForbiddenAddressException">None of them may.</exception>
    public static ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct) => ConnectAsync(context.DnsEndPoint, Dns.GetHostAddressesAsync, ct);

    /// <param name="resolve">Asked once: what it says is looked at, and is what is connected to.</param>
    internal static async ValueTask<Stream> ConnectAsync(DnsEndPoint place, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken ct)
    {
        var (host, port) = (place.Host, place.Port);
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await resolve(host, ct).ConfigureAwait(false);
        var allowed = Array.FindAll(addresses, address => !Contains(address));
        if (addresses.Length > 0 && allowed.Length == 0)
            throw new ForbiddenAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The host's addresses are none that users may name.</summary>
public sealed class ForbiddenAddressException() : IOException("its address is link-local or a metadata service, which nothing may be fetched from");
