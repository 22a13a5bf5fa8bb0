using System.Globalization;
using System.Threading.Channels;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Events;
using Fleet.Observability.History;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Queue;
using Google.Protobuf;

namespace Fleet.Observability.Agent;

/// <summary>The cluster's events as logs. How far it has come is in a file, so that a start does not tell again what the API server still remembers; what was told in that very second may come twice.</summary>
internal sealed partial class EventLoop(
    IKubernetesClient cluster, AgentQueues queues, AgentOptions options, AgentClock agentClock, AgentMetrics metrics, TimeProvider clock, IJitterSource jitter, ILogger<EventLoop> log) : BackgroundService
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);
    private string MarkFile => Path.Combine(options.QueueFolder, "events.mark");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested; failures++)
        {
            try
            {
                await FollowAsync(() => failures = -1, stoppingToken);
            }
            catch (Exception e) when (e is KubeApiException or QueueUnavailableException or IOException)
            {
                metrics.Failed("events");
                LogPause(e.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(RetryDelay.Of(failures, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), null, jitter), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(Action followed, CancellationToken ct)
    {
        var mark = await ReadMarkAsync(ct);
        var list = await cluster.Dynamic(EventFeed.Kind).ListAsync(ListOptions.All, EventRowFrom.Event, ct);
        foreach (var chunk in list.Items.OfType<EventRow>().Where(row => row.LastSeen >= mark).OrderBy(row => row.LastSeen).Chunk(MostAtOnce))
            await KeepAsync(chunk, ct);
        followed();
        await EventFeed.FollowAsync(cluster, list.ResourceVersion, MostAtOnce, WriteAsync, ct);
    }

    private async Task WriteAsync(ChannelReader<EventRow> rows, CancellationToken ct)
    {
        var batch = new List<EventRow>();
        while (await rows.WaitToReadAsync(ct))
        {
            // What happens together goes together.
            await Task.Delay(Gather, clock, ct);
            while (batch.Count < MostAtOnce && rows.TryRead(out var row))
                batch.Add(row);
            await KeepAsync(batch, ct);
            batch.Clear();
        }
    }

    private async Task KeepAsync(IReadOnlyList<EventRow> rows, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var message = EventLogs.Of(rows, now, agentClock.Ahead);
        await queues.Events.AppendAsync(new("events", now.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), rows.Count, rows.Count, Compressed.Of(message.WriteTo)));
        metrics.Told(rows.Count);
        // After the queue has it: a kill in between tells some twice and none not at all.
        await File.WriteAllTextAsync(MarkFile, rows.Max(row => row.LastSeen).UtcTicks.ToString(CultureInfo.InvariantCulture), ct);
    }

    private async Task<DateTimeOffset> ReadMarkAsync(CancellationToken ct) =>
        File.Exists(MarkFile) && long.TryParse(await File.ReadAllTextAsync(MarkFile, ct), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new(ticks, TimeSpan.Zero)
            : DateTimeOffset.MinValue;

    [LoggerMessage(3711, LogLevel.Warning, "The cluster's events pause: {Reason}")]
    private partial void LogPause(string reason);
}
