using System.Net;
using System.Net.Sockets;

namespace Fleet.Testing.Processes;

/// <summary>Ports for servers that must be told their port before they start.</summary>
public static class FreePort
{
    private static readonly HashSet<int> Given = [];

    /// <summary>A loopback port that nobody listens on, never given twice by this process.</summary>
    public static int Next()
    {
        lock (Given)
        {
            while (true)
            {
                using var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                var port = ((IPEndPoint)listener.LocalEndpoint).Port;
                if (Given.Add(port))
                {
                    return port;
                }
            }
        }
    }
}
