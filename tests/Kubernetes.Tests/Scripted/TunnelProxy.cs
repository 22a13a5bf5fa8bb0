using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Kubernetes.Tests.Scripted;

/// <summary>A proxy that demands a user and tunnels, by HTTP CONNECT or SOCKS5.</summary>
internal sealed class TunnelProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();

    internal ConcurrentQueue<string> Tunnels { get; } = new();

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    internal static TunnelProxy Start(bool socks)
    {
        var proxy = new TunnelProxy();
        proxy.listener.Start();
        _ = proxy.AcceptAsync(socks);
        return proxy;
    }

    private async Task AcceptAsync(bool socks)
    {
        while (!stop.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(stop.Token);
            _ = ServeAsync(client, socks);
        }
    }

    private async Task ServeAsync(TcpClient client, bool socks)
    {
        using var _ = client;
        var stream = client.GetStream();
        var (user, host, port) = socks ? await SocksAsync(stream) : await HttpAsync(stream);
        if (user is null)
            return;
        Tunnels.Enqueue($"{user} {host}:{port}");
        using var target = new TcpClient();
        await target.ConnectAsync(host, port, stop.Token);
        await stream.WriteAsync(socks ? new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 } : "HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n"u8.ToArray(), stop.Token);
        await Task.WhenAny(stream.CopyToAsync(target.GetStream(), stop.Token), target.GetStream().CopyToAsync(stream, stop.Token));
    }

    private async Task<(string? User, string Host, int Port)> HttpAsync(NetworkStream stream)
    {
        while (true)
        {
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                await stream.ReadExactlyAsync(one, stop.Token);
                head.Append((char)one[0]);
            }

            var lines = head.ToString().Split("\r\n");
            var authority = lines[0].Split(' ')[1].Split(':');
            if (lines.FirstOrDefault(l => l.StartsWith("Proxy-Authorization: Basic ", StringComparison.OrdinalIgnoreCase)) is { } line)
                return (Encoding.UTF8.GetString(Convert.FromBase64String(line[27..])), authority[0], int.Parse(authority[1], System.Globalization.CultureInfo.InvariantCulture));
            await stream.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop.Token);
        }
    }

    private async Task<(string? User, string Host, int Port)> SocksAsync(NetworkStream stream)
    {
        var bytes = new byte[300];
        async Task<byte[]> ReadAsync(int count)
        {
            await stream.ReadExactlyAsync(bytes.AsMemory(0, count), stop.Token);
            return bytes[..count];
        }

        await ReadAsync((await ReadAsync(2))[1]);
        await stream.WriteAsync(new byte[] { 5, 2 }, stop.Token);
        var name = Encoding.UTF8.GetString(await ReadAsync((await ReadAsync(2))[1]));
        var password = Encoding.UTF8.GetString(await ReadAsync((await ReadAsync(1))[0]));
        await stream.WriteAsync(new byte[] { 1, 0 }, stop.Token);
        var type = (await ReadAsync(4))[3];
        var host = type == 1 ? new IPAddress(await ReadAsync(4)).ToString() : Encoding.ASCII.GetString(await ReadAsync((await ReadAsync(1))[0]));
        return ($"{name}:{password}", host, BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2)));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        stop.Dispose();
    }
}
