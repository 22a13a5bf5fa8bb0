using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Fleet.Observability.Ingest.Forwarding;

/// <summary>What goes on to receivers, by what it is: logs, traces, and what an agent sends.</summary>
public sealed class ForwardMetrics
{
    private readonly Counter<long> delivered, refused, requests;
    private readonly ConcurrentDictionary<string, (Func<long> Bytes, Func<double> Age)> queues = new();

    public ForwardMetrics(IMeterFactory factory)
    {
        var meter = factory.Create("Fleet.Observability.Forward");
        delivered = meter.CreateCounter<long>("fleet.forward.records", "{record}", "Records that the receiver has taken");
        refused = meter.CreateCounter<long>("fleet.forward.refused.records", "{record}", "Records that the receiver does not take, and that are given up");
        requests = meter.CreateCounter<long>("fleet.forward.requests", "{request}", "Requests to the receiver by its answer");
        meter.CreateObservableGauge("fleet.forward.queue.size", () => queues.Select(queue => new Measurement<long>(queue.Value.Bytes(), Of(queue.Key))), "By", "Bytes that wait for the receiver");
        meter.CreateObservableGauge(
            "fleet.forward.queue.age", () => queues.Select(queue => new Measurement<double>(queue.Value.Age(), Of(queue.Key))), "s", "How long the oldest request has waited for the receiver");
    }

    public void Delivered(string what, long count) => delivered.Add(count, Of(what));

    public void Refused(string what, long count) => refused.Add(count, Of(what));

    public void Answered(string what, string code) => requests.Add(1, Of(what), new("code", code));

    public void Observe(string what, Func<long> bytes, Func<double> age) => queues[what] = (bytes, age);

    private static KeyValuePair<string, object?> Of(string what) => new("what", what);
}
