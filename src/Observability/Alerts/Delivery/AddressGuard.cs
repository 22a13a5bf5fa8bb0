using System.Net;
using System.Net.Sockets;
using Fleet.Kubernetes.Http;

namespace Fleet.Observability.Alerts.Delivery;

/// <summary>
/// Which addresses receivers may be at. Whoever may write a Receiver chooses where Fleet connects to, so the address that is connected to is looked at, after its name was resolved: a name that
/// leads elsewhere the second time does not help.
/// </summary>
/// <param name="resolve">Addresses of a host, asked once for a connection; null: the system.</param>
internal sealed class AddressGuard(AlertOptions options, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve = resolve ?? Dns.GetHostAddressesAsync;

    public bool Allows(IPAddress address) => IPAddress.IsLoopback(ForbiddenAddresses.Plain(address)) ? options.AllowLoopback : !ForbiddenAddresses.Contains(address);

    /// <summary>Connects to the first address of a host that may be connected to and answers.</summary>
    /// <exception cref="AddressRefusedException">None of them may.</exception>
    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken ct)
    {
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await resolve(host, ct);
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
}

/// <summary>The host's addresses are none that receivers may be at.</summary>
internal sealed class AddressRefusedException() : Exception("the address is one that receivers may not be at (loopback, link-local or a metadata service)");
