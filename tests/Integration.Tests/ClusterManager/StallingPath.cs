using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>
/// A way to a server that can stop carrying anything without closing a connection, as a firewall or a pulled cable does, or close every connection, as a
/// server that is down does.
/// </summary>
internal sealed class StallingPath : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private readonly Uri server;
    private volatile int made;
    private volatile int stalledUntil;
    private volatile bool cut;
    private volatile int refused;

    public StallingPath(Uri server)
    {
        this.server = server;
        listener.Start();
        _ = AcceptAsync();
    }

    public string Authority => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Connections stay open and carry nothing, new ones as well.</summary>
    public void Stall() => stalledUntil = int.MaxValue;

    /// <summary>New connections are carried again; those of before are forgotten without a word, as by a router that was restarted.</summary>
    public void Recover() => stalledUntil = made;

    /// <summary>Connections are closed, new ones as soon as they are made.</summary>
    public void Cut()
    {
        cut = true;
        foreach (var connection in open.Keys)
            connection.Dispose();
    }

    public void Mend() => cut = false;

    /// <summary>Connections that were closed as soon as they were made.</summary>
    public int Refused => refused;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(stop.Token);
            if (cut)
            {
                refused++;
                client.Dispose();
                continue;
            }
            var behind = new TcpClient();
            await behind.ConnectAsync(server.Host, server.Port, stop.Token);
            var number = ++made;
            (open[client], open[behind]) = (true, true);
            _ = CarryAsync(number, client, behind);
            _ = CarryAsync(number, behind, client);
        }
    }

    private async Task CarryAsync(int number, TcpClient from, TcpClient to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is > 0 and var read)
                if (number > stalledUntil)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read), stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One side has gone: the other one goes, too.
        }
        finally
        {
            from.Dispose();
            to.Dispose();
            open.TryRemove(from, out _);
            open.TryRemove(to, out _);
        }
    }
}
