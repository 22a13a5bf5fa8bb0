using System.Net;
using System.Net.Sockets;

namespace Fleet.Bench.Scale;

/// <summary>Takes connections and never says a word, as a cluster behind a lost route does.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public SilentServer() => listener.Start(1_000);

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();
}
