using System.Threading.Channels;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Events;
using Fleet.Observability.History;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Queue;
using Google.Protobuf;

namespace Fleet.Observability.Agent;

/// <summary>The cluster's events as logs. How far it has come is in a file, so that a start does not tell again what the API server still remembers.</summary>
internal sealed partial class EventLoop(
    IKubernetesClient cluster, AgentQueues queues, AgentOptions options, AgentClock agentClock, AgentMetrics metrics, TimeProvider clock, IJitterSource jitter, ILogger<EventLoop> log) : BackgroundService
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);
    private string MarkFile => Path.Combine(options.QueueFolder, "events.mark");
    private EventMark mark = new();

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
        mark = File.Exists(MarkFile) ? EventMark.Read(await File.ReadAllTextAsync(MarkFile, ct)) : new();
        var list = await cluster.Dynamic(EventFeed.Kind).ListAsync(ListOptions.All, EventRowFrom.Event, ct);
        foreach (var chunk in list.Items.OfType<EventRow>().Where(mark.IsNew).OrderBy(row => row.LastSeen).Chunk(MostAtOnce))
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
        mark.Tell(rows, now);
        // After the queue has it: a kill in between tells some twice and none not at all.
        await File.WriteAllTextAsync(MarkFile + ".new", mark.Write(), ct);
        File.Move(MarkFile + ".new", MarkFile, overwrite: true);
    }

    [LoggerMessage(3711, LogLevel.Warning, "The cluster's events pause: {Reason}")]
    private partial void LogPause(string reason);
}
