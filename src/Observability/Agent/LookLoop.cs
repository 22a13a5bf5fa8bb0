using System.Text.Json;
using Fleet.Control.Health;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Clusters;
using Fleet.Observability.Collection;
using Fleet.Observability.Collection.Agents;
using Fleet.Observability.Hours;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Wire;
using Fleet.Observability.Kubelets;

namespace Fleet.Observability.Agent;

/// <summary>Looks at its cluster at a steady pace, and keeps each look on disk, whole and as samples, until Fleet has it.</summary>
internal sealed partial class LookLoop(
    IKubernetesClient cluster, ClusterLooker looker, IKubelets kubelets, AgentQueues queues, AgentOptions options, AgentClock agentClock, AgentMetrics metrics, TimeProvider clock, IJitterSource jitter,
    ILogger<LookLoop> log) : BackgroundService, IReadinessCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Pods that went while nothing could be kept.</summary>
    private readonly List<DepartedPod> departed = [];
    private volatile string? missing = "the cluster has not been read yet";

    public string? Missing => missing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested; failures++)
        {
            try
            {
                await FollowAsync(() => failures = -1, stoppingToken);
            }
            catch (Exception e) when (e is KubeApiException or TimeoutException)
            {
                missing = "the cluster's API server does not answer";
                metrics.Failed("api_server");
                LogAway(e.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(RetryDelay.Of(failures, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), null, jitter), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(Action looked, CancellationToken ct)
    {
        await using var objects = new ClusterObjects(cluster, clock, jitter);
        await objects.StartAsync(ct).WaitAsync(Patience, clock, ct);
        while (true)
        {
            var look = await looker.LookAsync(cluster, "", objects, kubelets, options.Kubelets, ct);
            departed.AddRange(look.Departed);
            await KeepAsync(look with { Departed = [.. departed] });
            missing = null;
            looked();
            await Task.Delay(options.Every, clock, ct);
        }
    }

    private async Task KeepAsync(SeenLook look)
    {
        try
        {
            var time = look.Time.ToUnixTimeMilliseconds();
            var body = Compressed.Of(stream => JsonSerializer.Serialize(stream, LookDocument.Of(look), LookJson.Default.LookDocument));
            await queues.Looks.AppendAsync(new("looks", time, time, 1, 1, body));
            departed.Clear();
            metrics.Looked();
            foreach (var (message, samples) in LookSamples.Of(look, look.Time - agentClock.Ahead))
            {
                using var block = new PooledBytes(message.Length / 4);
                SnappyBlock.Encode(message.Span, block);
                await queues.Samples.AppendAsync(new("samples", time, time, samples, samples, block.Memory));
            }
        }
        catch (QueueUnavailableException e)
        {
            // The queue has logged why. What went meanwhile is told with the next look.
            metrics.Failed("queue");
            LogNotKept(e.Message);
        }
    }

    [LoggerMessage(3701, LogLevel.Warning, "The cluster is not looked at: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(3702, LogLevel.Warning, "A look could not be kept: {Reason}")]
    private partial void LogNotKept(string reason);
}
