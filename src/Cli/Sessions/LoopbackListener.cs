using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Web;
using Fleet.Cli.Output;

namespace Fleet.Cli.Sessions;

/// <summary>Waits on a free port of this machine for the browser to come back from the provider (RFC 8252).</summary>
internal sealed class LoopbackListener : IDisposable
{
    private const int LongestRequest = 16 * 1024;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public LoopbackListener() => listener.Start();

    public Uri Redirect => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/callback");

    /// <returns>The code. What does not know the state is told nothing and waited past: another page of the browser may ask.</returns>
    /// <exception cref="CommandException">The provider says that nobody signed in.</exception>
    public async Task<string> WaitAsync(string state, CancellationToken ct)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync(ct);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(TimeSpan.FromSeconds(5));
            try
            {
                await using var stream = client.GetStream();
                var query = await ReadAsync(stream, patience.Token);
                if (query?["state"] != state)
                {
                    await AnswerAsync(stream, "404 Not Found", "There is nothing here.", patience.Token);
                    continue;
                }

                if (query["code"] is { Length: > 0 } code)
                {
                    await AnswerAsync(stream, "200 OK", "You are signed in. This page can be closed.", patience.Token);
                    return code;
                }

                await AnswerAsync(stream, "200 OK", "You are not signed in. This page can be closed.", patience.Token);
                throw new CommandException($"The provider says: {new string([.. (query["error"] ?? "no code").Where(char.IsAsciiLetter).Take(50)])}.");
            }
            catch (Exception e) when (e is IOException or SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // A connection that says nothing, as browsers open them in advance.
                continue;
            }
        }
    }

    public void Dispose() => listener.Dispose();

    private static async Task<System.Collections.Specialized.NameValueCollection?> ReadAsync(NetworkStream stream, CancellationToken ct)
    {
        var buffer = new byte[LongestRequest];
        var length = 0;
        while (length < buffer.Length && !buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), ct);
            if (read == 0)
                break;
            length += read;
        }

        var words = Encoding.ASCII.GetString(buffer, 0, length).Split('\r')[0].Split(' ');
        return words is ["GET", var target, _] && target.StartsWith("/callback?", StringComparison.Ordinal) ? HttpUtility.ParseQueryString(target["/callback?".Length..]) : null;
    }

    private static async Task AnswerAsync(NetworkStream stream, string status, string text, CancellationToken ct) => await stream.WriteAsync(
        Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {text.Length + 1}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{text}\n"), ct);
}
