using System.Threading.Channels;
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
        var list = await management.Dynamic(EventFeed.Kind).ListAsync(new(), ct);
        foreach (var batch in list.Items.Select(EventRowFrom.Event).OfType<EventRow>().Chunk(BatchSize))
            await store.SaveAsync(batch, ct);

        // A bounded channel lets many events become one transaction, and stops the watch when the database is slow.
        await EventFeed.FollowAsync(management, list.ResourceVersion, BatchSize * 4, WriteAsync, ct);
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
