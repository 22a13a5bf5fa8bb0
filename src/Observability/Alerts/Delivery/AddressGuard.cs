using System.Net;
using System.Net.Sockets;

namespace Fleet.Observability.Alerts.Delivery;

/// <summary>
/// Which addresses receivers may be at. Whoever may write a Receiver chooses where Fleet connects to, so the address that is connected to is looked at, after its name was resolved: a name that
/// leads elsewhere the second time does not help.
/// </summary>
internal sealed class AddressGuard(AlertOptions options)
{
    /// <summary>Metadata services of clouds outside of the link-local range.</summary>
    private static readonly IPAddress[] Metadata = [IPAddress.Parse("100.100.100.200"), IPAddress.Parse("192.0.0.192"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("fd20:ce::254")];

    public bool Allows(IPAddress address)
    {
        var plain = Unwrapped(address);
        if (IPAddress.IsLoopback(plain))
            return options.AllowLoopback;
        if (Metadata.Contains(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any) || plain.Equals(IPAddress.Broadcast))
            return false;
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? plain.GetAddressBytes() is not ([0, ..] or [169, 254, ..] or [>= 224, ..])
            : plain is { IsIPv6LinkLocal: false, IsIPv6Multicast: false, IsIPv6SiteLocal: false };
    }

    /// <summary>Connects to the first address of a host that may be connected to and answers.</summary>
    /// <exception cref="AddressRefusedException">None of them may.</exception>
    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken ct)
    {
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, ct);
        var allowed = addresses.Where(Allows).ToList();
        if (allowed.Count == 0)
            throw new AddressRefusedException();
        for (var index = 0; ; index++)
        {
            var socket = new Socket(allowed[index].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(allowed[index], port), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (index + 1 < allowed.Count)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>IPv4 in IPv6, by whichever of the ways there are.</summary>
    private static IPAddress Unwrapped(IPAddress address)
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
}

/// <summary>The host's addresses are none that receivers may be at.</summary>
internal sealed class AddressRefusedException() : Exception("the address is one that receivers may not be at (loopback, link-local or a metadata service)");
