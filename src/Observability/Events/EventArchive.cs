using System.Threading.Channels;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.History;
using Npgsql;

namespace Fleet.Observability.Events;

/// <summary>
/// Copies the management API's events to PostgreSQL. It lists and watches; when the database is away it stops reading and lists again afterwards,
/// so that whatever the API still remembers (about an hour) is not lost.
/// </summary>
public sealed partial class EventArchive(IKubernetesClient management, EventStore store, TimeProvider clock, ILogger<EventArchive> log) : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);
    private static readonly ResourceKind Events = new("", "v1", "Event", "events", Namespaced: true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await store.ForgetAsync(clock.GetUtcNow() - Retention, stoppingToken);
                await FollowAsync(stoppingToken);
            }
            catch (Exception error) when (error is KubeApiException or NpgsqlException or InvalidOperationException or TimeoutException)
            {
                LogPause(error.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        var list = await management.Dynamic(Events).ListAsync(new(), ct);
        foreach (var batch in list.Items.Select(EventRowFrom.Event).OfType<EventRow>().Chunk(BatchSize))
            await store.SaveAsync(batch, ct);

        // A bounded channel lets many events become one transaction, and stops the watch when the database is slow.
        var channel = Channel.CreateBounded<EventRow>(BatchSize * 4);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = ReadAsync(list.ResourceVersion, channel.Writer, both.Token);
        var writing = WriteAsync(channel.Reader, both.Token);
        // Whichever fails first ends the other: a watch without a writer would wait for ever, with events that nobody keeps.
        var first = await Task.WhenAny(reading, writing);
        await both.CancelAsync();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task ReadAsync(string? version, ChannelWriter<EventRow> rows, CancellationToken ct)
    {
        while (true)
        {
            await foreach (var change in management.Dynamic(Events).WatchAsync(new() { ResourceVersion = version }, ct))
            {
                version = change.ResourceVersion;
                if (change.Type is WatchEventType.Added or WatchEventType.Modified && EventRowFrom.Event(change.Object) is { } row)
                    await rows.WriteAsync(row, ct);
            }
        }
    }

    private async Task WriteAsync(ChannelReader<EventRow> rows, CancellationToken ct)
    {
        var batch = new Dictionary<Guid, EventRow>();
        while (await rows.WaitToReadAsync(ct))
        {
            while (batch.Count < BatchSize && rows.TryRead(out var row))
                batch[row.Uid] = row;
            await store.SaveAsync(batch.Values, ct);
            batch.Clear();
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "The event history pauses: {Reason}")]
    private partial void LogPause(string reason);
}
