using System.Net;
using System.Net.Sockets;

namespace Fleet.Testing.Processes;

/// <summary>
/// Ports for servers that must be told their port before they start, or that go down and come back: below those that the system lends to outgoing connections, one of which would sooner
/// or later sit on the port of a server that does not run yet or is down.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Last = 32_000;

    // Each process begins elsewhere: those that run side by side are not to choose alike.
    private static int _next = Random.Shared.Next(First, Last);

    /// <summary>A loopback port that nobody listens on; this process gives it again only after all others.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + ((Interlocked.Increment(ref _next) - First) % (Last - First));
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's; the next one then.
                continue;
            }
        }
    }
}
