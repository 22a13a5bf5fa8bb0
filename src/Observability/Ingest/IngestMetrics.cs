using System.Diagnostics.Metrics;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest;

/// <summary>What comes in, what is refused and why, what is lost and whose it was.</summary>
public sealed class IngestMetrics
{
    private readonly Meter meter;
    private readonly Counter<long> requests, samples, refused, lost, delivered, undelivered, storeRequests;

    public IngestMetrics(IMeterFactory factory)
    {
        meter = factory.Create("Fleet.Observability.Ingest");
        requests = meter.CreateCounter<long>("fleet.ingest.requests", "{request}", "Requests by protocol and status code");
        samples = meter.CreateCounter<long>("fleet.ingest.samples", "{sample}", "Samples that were acknowledged");
        refused = meter.CreateCounter<long>("fleet.ingest.refused.samples", "{sample}", "Samples that were refused, by reason");
        lost = meter.CreateCounter<long>("fleet.ingest.queue.lost.samples", "{sample}", "Acknowledged samples that left the queue without being delivered: the bound was reached, or a file was damaged");
        delivered = meter.CreateCounter<long>("fleet.ingest.store.samples", "{sample}", "Samples that the store has taken");
        undelivered = meter.CreateCounter<long>("fleet.ingest.store.refused.samples", "{sample}", "Samples that were not given to the store, because they are too old for it or because it refuses them");
        storeRequests = meter.CreateCounter<long>("fleet.ingest.store.requests", "{request}", "Requests to the store by its answer");
    }

    public void Answered(string protocol, int code) => requests.Add(1, new("protocol", protocol), new("code", code));

    public void Accepted(ClusterIdentity cluster, long count) => samples.Add(count, new KeyValuePair<string, object?>("cluster", cluster.ToString()));

    public void Refused(ClusterIdentity cluster, Refusals refusals)
    {
        foreach (var (reason, count, _) in refusals.All)
            refused.Add(count, new("cluster", cluster.ToString()), new("reason", Refusals.NameOf(reason)));
    }

    public void Lost(string cluster, string reason, long count) => lost.Add(count, new("cluster", cluster), new("reason", reason));

    public void Delivered(long count) => delivered.Add(count);

    public void Undelivered(string reason, long count) => undelivered.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public void StoreAnswered(string answer) => storeRequests.Add(1, new KeyValuePair<string, object?>("code", answer));

    public void ObserveQueue(Func<long> bytes, Func<double> ageInSeconds)
    {
        meter.CreateObservableGauge("fleet.ingest.queue.size", bytes, "By", "Bytes that wait for the store");
        meter.CreateObservableGauge("fleet.ingest.queue.age", ageInSeconds, "s", "How long the oldest request has waited for the store");
    }

    public void ObserveSeries(Func<IEnumerable<Measurement<long>>> active, Func<IEnumerable<Measurement<long>>> stopped)
    {
        meter.CreateObservableGauge("fleet.ingest.active.series", active, "{series}", "Series with samples lately");
        meter.CreateObservableCounter("fleet.ingest.refused.series", stopped, "{series}", "Times that a new series was refused at the limit, by metric");
    }
}
