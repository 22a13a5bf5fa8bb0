using System.Net;
using System.Net.Sockets;

namespace Fleet.Reliability.Tests.Laboratory.Network;

/// <summary>Gives a server that listens on loopback another address, on the same port.</summary>
internal sealed class Forwarder : IDisposable
{
    private readonly TcpListener listener;
    private readonly int port;

    public Forwarder(IPAddress address, int port)
    {
        this.port = port;
        listener = new(address, port);
        listener.Start();
        _ = AcceptAsync();
    }

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ForwardAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, port);
            await await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // The server does not listen now, or one of the two has reset the connection: the other must not take it for an end in good order.
            near.LingerState = new(true, 0);
            if (far.Connected)
                far.LingerState = new(true, 0);
        }
    }
}
