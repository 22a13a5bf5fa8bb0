using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Bench.ControlPlane;

/// <summary>
/// HTTP/1.1 over TLS without a client library: one write, and reads until the answer is whole. It costs so little that the servers are what is
/// measured, even where client and server share two cores.
/// </summary>
internal sealed class BareConnection : IDisposable
{
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly SslStream _stream;
    private readonly string _host;
    private readonly byte[] _answer = new byte[64 << 10];
    private byte[] _request = new byte[8 << 10];
    private long _used = Stopwatch.GetTimestamp();

    private BareConnection(Socket socket, SslStream stream, string host)
    {
        _socket = socket;
        _stream = stream;
        _host = host;
    }

    /// <summary>Unused for so long that the server may have closed it.</summary>
    public bool IsStale => Stopwatch.GetElapsedTime(_used) > Stale;

    public static async Task<BareConnection> OpenAsync(Uri server, SslClientAuthenticationOptions tls, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, ct);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await stream.AuthenticateAsClientAsync(tls, ct);
        return new BareConnection(socket, stream, server.Authority);
    }

    public async Task SendAsync(HttpMethod method, string path, byte[] body, CancellationToken ct)
    {
        var head = $"{method} {path} HTTP/1.1\r\nHost: {_host}\r\nUser-Agent: bench/1.0\r\nAccept: application/json\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        if (_request.Length < head.Length + body.Length) _request = new byte[head.Length + body.Length];
        var length = Encoding.ASCII.GetBytes(head, _request);
        body.CopyTo(_request, length);
        await _stream.WriteAsync(_request.AsMemory(0, length + body.Length), ct);
        await ReadAsync(method, path, ct);
        _used = Stopwatch.GetTimestamp();
    }

    /// <summary>Asks for a watch and waits until it is open.</summary>
    public async Task WatchAsync(string path, CancellationToken ct)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {_host}\r\nUser-Agent: bench/1.0\r\nAccept: application/json\r\n\r\n"), ct);
        var count = 0;
        while (_answer.AsSpan(0, count).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await _stream.ReadAsync(_answer.AsMemory(count), ct);
            if (read == 0) throw new IOException($"watch {path}: the server closed the connection");
            count += read;
        }
        if (_answer[9] != (byte)'2') throw new InvalidOperationException($"watch {path}: {Encoding.UTF8.GetString(_answer, 9, count - 9)}");
    }

    /// <summary>Reads until so many events have come. An event ends with a brace and a line feed; the lines of the chunks around it do not.</summary>
    public async Task ReadEventsAsync(int events, CancellationToken ct)
    {
        var endsWithBrace = false;
        while (events > 0)
        {
            var read = await _stream.ReadAsync(_answer, ct);
            if (read == 0) throw new IOException($"a watch ended {events} events early");
            var part = _answer.AsSpan(0, read);
            if (endsWithBrace && part[0] == (byte)'\n') events--;
            events -= part.Count("}\n"u8);
            endsWithBrace = part[^1] == (byte)'}';
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task ReadAsync(HttpMethod method, string path, CancellationToken ct)
    {
        var count = 0;
        while (!IsWhole(_answer.AsSpan(0, count)))
        {
            if (count == _answer.Length) throw new InvalidOperationException($"{method} {path}: an answer of more than {count} bytes");
            var read = await _stream.ReadAsync(_answer.AsMemory(count), ct);
            if (read == 0) throw new IOException($"{method} {path}: the server closed the connection");
            count += read;
        }
        // "HTTP/1.1 201 Created"
        if (_answer[9] != (byte)'2') throw new InvalidOperationException($"{method} {path}: {Encoding.UTF8.GetString(_answer, 9, count - 9)}");
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var head = answer[..end];
        var at = head.IndexOf("Content-Length: "u8);
        // JSON has no bare line break, so the last chunk is the only thing that can look like this.
        if (at < 0) return answer[end..].EndsWith("\r\n0\r\n\r\n"u8);
        var length = 0;
        foreach (var digit in head[(at + 16)..])
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            length = length * 10 + (digit - '0');
        }
        return answer.Length == end + 4 + length;
    }
}
