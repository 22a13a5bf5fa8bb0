using System.Diagnostics.Metrics;

namespace Fleet.Observability.Agent;

/// <summary>What an agent says of itself.</summary>
internal sealed class AgentMetrics
{
    private readonly Counter<long> looks, failures, events;

    public AgentMetrics(IMeterFactory factory, AgentClock clock)
    {
        var meter = factory.Create("Fleet.Agent");
        looks = meter.CreateCounter<long>("fleet.agent.looks", "{look}", "Looks at the cluster that were kept for Fleet");
        failures = meter.CreateCounter<long>("fleet.agent.failures", "{failure}", "Looks and events that could not be read or kept, by reason");
        events = meter.CreateCounter<long>("fleet.agent.events", "{event}", "Events of the cluster that were kept for Fleet");
        meter.CreateObservableGauge("fleet.agent.clock.ahead", () => clock.Ahead.TotalSeconds, "s", "How far the clock of this machine is ahead of Fleet's");
        looks.Add(0);
        events.Add(0);
    }

    public void Looked() => looks.Add(1);

    public void Failed(string reason) => failures.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Told(long count) => events.Add(count);
}
