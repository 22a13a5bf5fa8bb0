using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Fleet.Testing.Processes;

namespace Fleet.Integration.Tests.Observability;

/// <summary>
/// Between one process and PostgreSQL. It can hold what owners begin their transactions with, so that it reaches the server only when somebody else owns the grain, whatever the process
/// itself has noticed by then.
/// </summary>
internal sealed partial class EpochGate : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, FreePort.Next());
    private readonly CancellationTokenSource closing = new();
    private readonly List<Connection> connections = [];
    private readonly int server;
    private readonly Task accepting;
    private bool holding;

    public EpochGate(int server)
    {
        this.server = server;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Grains whose owner's next transaction is held here.</summary>
    public IReadOnlySet<string> Held
    {
        get
        {
            HashSet<string> all = new(StringComparer.Ordinal);
            Locked(() => all.UnionWith(connections.SelectMany(connection => connection.HeldGrains)));
            return all;
        }
    }

    /// <summary>From now on every connection stops at the beginning of an owner's transaction. One that has begun goes on.</summary>
    public void Hold() => Locked(() => holding = true);

    /// <summary>Sends on what was held. How many rows PostgreSQL says that the first statement of each changed: the epochs that it took.</summary>
    public async Task<IReadOnlyList<int>> ReleaseAsync(CancellationToken ct)
    {
        List<Connection> held = [];
        Locked(() =>
        {
            holding = false;
            held.AddRange(connections.Where(connection => connection.HeldGrains.Count > 0));
        });
        return await Task.WhenAll(held.Select(connection => connection.ReleaseAsync(ct)));
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        await accepting;
        foreach (var connection in connections)
            await connection.DisposeAsync();
        closing.Dispose();
    }

    /// <summary>One lock for the gate and its connections: whoever is asked to hold holds what comes from then on.</summary>
    private void Locked(Action what)
    {
        lock (connections)
            what();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(closing.Token);
                var to = new TcpClient();
                await to.ConnectAsync(IPAddress.Loopback, server, closing.Token);
                Locked(() => connections.Add(new(this, client, to)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The gate is closed, or the server is.
        }
    }

    // As GrainId writes them, among the parameters of the statement.
    [GeneratedRegex("observability/([a-z-]+:[A-Za-z0-9./-]+)")]
    private static partial Regex Grains { get; }

    // What the server says of each statement when it is done.
    [GeneratedRegex("INSERT 0 ([0-9]+)")]
    private static partial Regex Taken { get; }

    private sealed class Connection : IAsyncDisposable
    {
        private readonly EpochGate gate;
        private readonly TcpClient client;
        private readonly TcpClient server;
        private readonly Task copying;
        private readonly MemoryStream held = new();
        private TaskCompletionSource<int>? answer;

        public Connection(EpochGate gate, TcpClient client, TcpClient server)
        {
            (this.gate, this.client, this.server) = (gate, client, server);
            copying = Task.WhenAll(ThereAsync(), BackAsync());
        }

        public HashSet<string> HeldGrains { get; } = new(StringComparer.Ordinal);

        public async Task<int> ReleaseAsync(CancellationToken ct)
        {
            byte[] bytes = [];
            gate.Locked(() =>
            {
                answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
                bytes = held.ToArray();
                held.SetLength(0);
                HeldGrains.Clear();
            });
            await server.GetStream().WriteAsync(bytes, ct);
            return await answer!.Task.WaitAsync(ct);
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            server.Dispose();
            await copying;
            held.Dispose();
        }

        private Task ThereAsync() => CopyAsync(client, server, bytes =>
        {
            var keep = false;
            gate.Locked(() =>
            {
                keep = held.Length > 0 || (gate.holding && Encoding.Latin1.GetString(bytes).Contains("owner_epochs", StringComparison.Ordinal));
                if (!keep)
                    return;
                held.Write(bytes);
                HeldGrains.UnionWith(Grains.Matches(Encoding.Latin1.GetString(held.ToArray())).Select(match => match.Groups[1].Value));
            });
            return !keep;
        });

        private Task BackAsync() => CopyAsync(server, client, bytes =>
        {
            if (answer is not null && Taken.Match(Encoding.Latin1.GetString(bytes)) is { Success: true } taken)
                answer.TrySetResult(int.Parse(taken.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
            return true;
        });

        private static async Task CopyAsync(TcpClient from, TcpClient to, Func<byte[], bool> passes)
        {
            var buffer = new byte[64 * 1024];
            try
            {
                int count;
                while ((count = await from.GetStream().ReadAsync(buffer)) > 0)
                    if (passes(buffer[..count]))
                        await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
                to.Client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // One of the two is gone; the other notices by its own end.
                to.Dispose();
            }
        }
    }
}
