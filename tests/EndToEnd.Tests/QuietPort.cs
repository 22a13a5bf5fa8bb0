using System.Net;
using System.Net.Sockets;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// Ports for fleets that go down and come back: below those that the system lends to outgoing connections, one of which would sooner or later sit on
/// the port of a fleet that is down.
/// </summary>
internal static class QuietPort
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private static int next = Random.Shared.Next(First, Last);

    public static int Next()
    {
        while (true)
        {
            var port = First + ((Interlocked.Increment(ref next) - First) % (Last - First));
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
