using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Events;

namespace Fleet.Observability.Tests;

public sealed class EventRowFromTests
{
    [Fact]
    public void An_event_of_the_new_API_keeps_its_series()
    {
        var row = EventRowFrom.Event(Event("""
            "eventTime": "2026-11-20T12:00:00.000001Z", "series": { "count": 7, "lastObservedTime": "2026-11-20T12:05:00Z" },
            "involvedObject": { "kind": "ClusterDeployment", "namespace": "team", "name": "web", "uid": "u" },
            "type": "Warning", "reason": "NotReady", "message": "no"
            """))!;
        Assert.Equal(("team", "ClusterDeployment", "web", "Warning", "NotReady", 7), (row.Namespace, row.Kind, row.Name, row.Type, row.Reason, row.Count));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 12, 5, 0, TimeSpan.Zero), row.LastSeen);
    }

    [Fact]
    public void An_event_of_the_old_API_keeps_its_count_and_times()
    {
        var row = EventRowFrom.Event(Event("""
            "firstTimestamp": "2026-11-20T12:00:00Z", "lastTimestamp": "2026-11-20T12:30:00Z", "count": 4,
            "involvedObject": { "kind": "Node", "name": "n" }
            """))!;
        Assert.Equal((4, TimeSpan.FromMinutes(30)), (row.Count, row.LastSeen - row.FirstSeen));
        Assert.Equal("default", row.Namespace);
    }

    [Fact]
    public void An_event_without_a_UID_is_not_kept() =>
        Assert.Null(EventRowFrom.Event(new DynamicObject(JsonNode.Parse("""{ "metadata": { "name": "x" } }""")!.AsObject())));

    [Fact]
    public void A_message_is_bounded() =>
        Assert.Equal(4096, EventRowFrom.Event(Event($"\"message\": \"{new string('m', 9000)}\""))!.Message.Length);

    private static DynamicObject Event(string fields) => new(JsonNode.Parse(
        $$"""{ "metadata": { "namespace": "default", "name": "e", "uid": "5d7f3f0e-2f0e-4b53-9a55-6f8a3f6f5d11", "creationTimestamp": "2026-11-20T12:00:00Z" }, {{fields}} }""")!.AsObject());
}
