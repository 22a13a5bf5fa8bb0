using System.Threading.Channels;
using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Alerts.Status;

/// <summary>Tells who waits that there is something to do: the outbox, and the status of objects.</summary>
internal sealed class AlertPokes
{
    private readonly Channel<bool> outbox = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public Poked Rules { get; } = new();

    public Poked Receivers { get; } = new();

    public Poked Silences { get; } = new();

    public void Outbox() => outbox.Writer.TryWrite(true);

    public void Receiver(ObjectKey key) => Receivers.Ask(key);

    /// <summary>Until something is written into the outbox, or for so long.</summary>
    public async Task OutboxAsync(TimeSpan longest, TimeProvider clock, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await outbox.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    /// <summary>A trigger that is asked for.</summary>
    internal sealed class Poked : ITrigger
    {
        private IWorkQueue? queue;

        public Task StartAsync(IWorkQueue queue, CancellationToken ct)
        {
            this.queue = queue;
            return Task.CompletedTask;
        }

        public void Ask(ObjectKey key) => queue?.Add(key);
    }
}
