using System.Net;
using System.Net.Sockets;

namespace Fleet.Host.Data;

/// <summary>Chooses loopback ports at the first start and checks them at every later one.</summary>
public static class Ports
{
    public const int DefaultApi = 7443;
    public const int DefaultRest = 7080;
    public const int DefaultPostgres = 7432;

    private const int Attempts = 5;
    private const int Neighbours = 200;

    /// <summary>
    /// A port that the user named or that an earlier start chose must be free; a default one is replaced by any free port when it is taken
    /// (another fleet may run on this machine).
    /// </summary>
    /// <exception cref="PortInUseException">A named or remembered port is taken.</exception>
    public static int Choose(string option, int? named, int remembered, int standard)
    {
        if (named is { } port)
            return IsFree(port) ? port : throw new PortInUseException(option, port);
        if (remembered != 0)
            return IsFree(remembered) ? remembered : throw new PortInUseException(option, remembered);
        return NextFree(standard);
    }

    /// <summary>
    /// Starts something that listens. A port that was free a moment ago may be taken by now (two fleets that start at once choose alike): the next one
    /// is tried then, unless the user named this one or an earlier start promised it to others.
    /// </summary>
    /// <exception cref="PortInUseException">The port is taken and must not be replaced.</exception>
    public static async Task<(T Started, int Port)> ListenAsync<T>(string option, int port, bool isFixed, Func<int, Task<T>> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await start(port), port);
            }
            catch (IOException) when (!IsFree(port))
            {
                if (isFixed || attempt == Attempts)
                    throw new PortInUseException(option, port);
                port = NextFree(port + 1);
            }
        }
    }

    /// <summary>Close to the standard port, because the system lends the high ones to outgoing connections, and they are taken when a fleet comes back.</summary>
    private static int NextFree(int first)
    {
        for (var port = first; port < first + Neighbours; port++)
            if (IsFree(port))
                return port;
        return AnyFree();
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.ExclusiveAddressUse = false;
        // Connections of the process before in TIME_WAIT must not make the port look taken; Kestrel sets the same option.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static int AnyFree()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

public sealed class PortInUseException(string option, int port)
    : Exception($"Port {port} on 127.0.0.1 is in use by another program. Stop that program, or choose another port: fleet up {option} PORT")
{
    public int Port { get; } = port;
}
