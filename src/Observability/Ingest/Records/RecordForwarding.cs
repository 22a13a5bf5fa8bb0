using Fleet.Control.Queueing;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Otlp.Messages;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Samples;
using Google.Protobuf;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Logs and spans that go on by OTLP: on disk when a sender is answered, with the cluster in the attributes of every resource, and otherwise as they came.</summary>
internal sealed class RecordForwarding(RecordTargets targets, IngestMetrics metrics, ILogger<IngestQueue> log, TimeProvider clock) : IAsyncDisposable
{
    private readonly IngestQueue? logs = targets.Logs is null ? null : IngestQueue.Open(targets.Queue("logs"), metrics, log);
    private readonly IngestQueue? traces = targets.Traces is null ? null : IngestQueue.Open(targets.Queue("traces"), metrics, log);

    public bool TakesLogs => logs is not null;

    public bool TakesTraces => traces is not null;

    /// <exception cref="QueueUnavailableException">Nothing was kept; the sender must come again.</exception>
    public Task AddAsync(ClusterIdentity cluster, ExportLogsRequest request, int records)
    {
        foreach (var of in request.ResourceLogs)
            of.Resource = Marked(of.Resource, cluster);
        return AddAsync(logs!, cluster, request, records);
    }

    /// <inheritdoc cref="AddAsync(ClusterIdentity, ExportLogsRequest, int)"/>
    public Task AddAsync(ClusterIdentity cluster, ExportTracesRequest request, int records)
    {
        foreach (var of in request.ResourceSpans)
            of.Resource = Marked(of.Resource, cluster);
        return AddAsync(traces!, cluster, request, records);
    }

    /// <summary>What carries them on.</summary>
    public IEnumerable<Forwarder> Forwarders(ForwardMetrics forwarded, IJitterSource jitter, ILogger<Forwarder> log)
    {
        if (logs is not null)
            yield return new(Options("logs", targets.Logs!), logs, forwarded, clock, jitter, log);
        if (traces is not null)
            yield return new(Options("traces", targets.Traces!), traces, forwarded, clock, jitter, log);
    }

    public async ValueTask DisposeAsync()
    {
        if (logs is not null)
            await logs.DisposeAsync();
        if (traces is not null)
            await traces.DisposeAsync();
    }

    private ForwardOptions Options(string what, TargetOptions target) => new(what, target, targets.Queue(what), "application/x-protobuf") { Refused = PartialSuccess.RefusedAsync };

    private Task AddAsync(IngestQueue queue, ClusterIdentity cluster, IMessage request, int records)
    {
        if (records == 0)
            return Task.CompletedTask;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return queue.AppendAsync(new(cluster.ToString(), now, now, records, records, Compressed.Of(request.WriteTo)));
    }

    /// <summary>As with samples, what a sender says of its cluster is replaced: no cluster can speak for another.</summary>
    private static Resource Marked(Resource? resource, ClusterIdentity cluster)
    {
        (string Key, string Value)[] own = [("k8s.cluster.name", cluster.Name), ("k8s.cluster.uid", cluster.Uid), ("fleet.cluster.namespace", cluster.Namespace)];
        var marked = resource ?? new Resource();
        var others = marked.Attributes.Where(attribute => own.All(one => one.Key != attribute.Key)).ToList();
        marked.Attributes.Clear();
        marked.Attributes.AddRange(others);
        marked.Attributes.AddRange(own.Select(one => new KeyValue { Key = one.Key, Value = new() { StringValue = one.Value } }));
        return marked;
    }
}
