using System.Net;
using System.Net.Sockets;

namespace Fleet.Control.Ownership;

/// <summary>
/// A port that is open as long as this process may write, so that others notice at once when it has died. One of its own: what the process serves on closes first when it is asked to
/// end, while its work still does. Nothing is read or sent.
/// </summary>
internal sealed class Beacon : IDisposable
{
    /// <summary>More than there are ever replicas; strangers wait in the backlog.</summary>
    private const int MostGuests = 64;

    private readonly Socket listener;
    private readonly Lock gate = new();
    private readonly List<Socket> guests = [];
    private bool isOver;

    private Beacon(Socket listener, IPAddress shown)
    {
        this.listener = listener;
        Address = new IPEndPoint(shown, ((IPEndPoint)listener.LocalEndPoint!).Port).ToString();
        listener.Listen(MostGuests);
        _ = AcceptAsync();
    }

    /// <summary>Where others find it.</summary>
    public string Address { get; }

    /// <param name="address"><c>IP[:PORT]</c>; without a port a free one is taken.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static Beacon Open(string address)
    {
        var wanted = IPEndPoint.Parse(address);
        var socket = new Socket(wanted.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            try
            {
                socket.Bind(wanted);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
            {
                // Behind an address translation the others know us by an address that is not ours.
                socket.Bind(new IPEndPoint(wanted.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, wanted.Port));
            }
            return new(socket, wanted.Address);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            listener.Dispose();
            guests.ForEach(guest => guest.Dispose());
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Keep(await listener.AcceptAsync());
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                if (isOver)
                    return;
            }
        }
    }

    private void Keep(Socket guest)
    {
        lock (gate)
        {
            guests.RemoveAll(IsGone);
            if (isOver || guests.Count >= MostGuests)
                guest.Dispose();
            else
                guests.Add(guest);
        }
    }

    private static bool IsGone(Socket guest)
    {
        // Readable without anything to read: the other end has closed.
        if (!guest.Poll(0, SelectMode.SelectRead))
            return false;
        guest.Dispose();
        return true;
    }
}
