using System.Net;
using System.Net.Sockets;

namespace Fleet.Control.Ownership;

/// <summary>
/// Notices at once that another replica's process has died: a connection to the port that it serves on stands open and idle, ends with the process, and is then refused.
/// Silence says nothing (the Lease is for that), nor does a connection that ends but is accepted again. It saves time and decides nothing: the Lease is still taken first, and
/// one that has been renewed meanwhile stays.
/// </summary>
internal sealed class Presence(TimeProvider clock, Action<string> died) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(string Holder, string Address), CancellationTokenSource> watched = [];
    private readonly List<Task> running = [];

    /// <summary>Watches these replicas and no others. For one caller.</summary>
    public void Follow(IEnumerable<(string Holder, string Address)> others)
    {
        var wanted = others.ToHashSet();
        foreach (var (one, stop) in watched.Where(w => !wanted.Contains(w.Key)).ToList())
        {
            watched.Remove(one);
            stop.Cancel();
        }
        running.RemoveAll(task => task.IsCompleted);
        foreach (var one in wanted.Where(w => !watched.ContainsKey(w)))
            if (TryParse(one.Address) is { } address)
            {
                var stop = watched[one] = new();
                running.Add(WatchAsync(one.Holder, address, stop.Token));
            }
    }

    public async ValueTask DisposeAsync()
    {
        Follow([]);
        await Task.WhenAll(running);
    }

    private async Task WatchAsync(string holder, EndPoint address, CancellationToken ct)
    {
        var hasMet = false;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                using (var patience = new CancellationTokenSource(Patience, clock))
                using (var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token))
                    await socket.ConnectAsync(address, either.Token);
                hasMet = true;
                // Nothing is ever sent: this returns when the other end closes.
                await socket.ReceiveAsync(new byte[1], SocketFlags.None, ct);
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused && hasMet)
            {
                // Said again until it is no longer asked for: its Lease cannot be taken as long as we have not seen its last renewal.
                died(holder);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Not reached, or reset: tried again until the Lease tells.
            }
            await PauseAsync(hasMet, ct);
        }
    }

    /// <summary>At once after a connection that stood, and now and then where none ever did: policies may forbid it.</summary>
    private async Task PauseAsync(bool hasMet, CancellationToken ct)
    {
        try
        {
            await Task.Delay(hasMet ? TimeSpan.FromMilliseconds(50) : Patience, clock, ct);
        }
        catch (OperationCanceledException)
        {
            // It need not be watched any more.
        }
    }

    private static EndPoint? TryParse(string address) =>
        IPEndPoint.TryParse(address, out var ip) && ip.Port > 0 ? ip
        : address.Split(':') is [{ Length: > 0 } host, var port] && ushort.TryParse(port, out var number) && number > 0 ? new DnsEndPoint(host, number)
        : null;
}
