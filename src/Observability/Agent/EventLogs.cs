using Fleet.Observability.History;
using Fleet.Observability.Ingest.Otlp.Messages;

namespace Fleet.Observability.Agent;

/// <summary>Events as log records, with the attributes that a collector's receiver of Kubernetes events gives them, so that what looks for those finds these. Pure.</summary>
internal static class EventLogs
{
    private const int Info = 9, Warn = 13;

    /// <param name="ahead">How far the clock that the events' times are by is ahead of Fleet's.</param>
    public static ExportLogsRequest Of(IEnumerable<EventRow> rows, DateTimeOffset now, TimeSpan ahead)
    {
        var request = new ExportLogsRequest();
        foreach (var of in rows.GroupBy(row => (row.Namespace, row.Kind, row.Name, row.ObjectUid)))
        {
            var resource = new Resource { Attributes = { Of("service.name", "kubernetes-events"), Of("k8s.object.kind", of.Key.Kind), Of("k8s.object.name", of.Key.Name) } };
            if (of.Key.ObjectUid is { Length: > 0 } uid)
                resource.Attributes.Add(Of("k8s.object.uid", uid));
            if (of.Key.Namespace.Length > 0)
                resource.Attributes.Add(Of("k8s.namespace.name", of.Key.Namespace));
            if (of.Key.Kind == "Pod")
                resource.Attributes.Add(Of("k8s.pod.name", of.Key.Name));
            var scope = new ScopeLogs { Scope = new() { Name = "fleet-agent/events" } };
            scope.LogRecords.AddRange(of.Select(row => Of(row, now, ahead)));
            request.ResourceLogs.Add(new ResourceLogs { Resource = resource, ScopeLogs = { scope } });
        }
        return request;
    }

    private static LogRecord Of(EventRow row, DateTimeOffset now, TimeSpan ahead) =>
        new()
        {
            TimeUnixNano = Nanoseconds((row.LastSeen.UtcTicks > 0 ? row.LastSeen : now) - ahead),
            ObservedTimeUnixNano = Nanoseconds(now - ahead),
            SeverityNumber = row.Type == "Normal" ? Info : Warn,
            SeverityText = row.Type,
            Body = new() { StringValue = row.Message },
            Attributes =
            {
                Of("k8s.event.reason", row.Reason), Of("k8s.event.uid", row.Uid.ToString()), new KeyValue { Key = "k8s.event.count", Value = new() { IntValue = row.Count } },
            },
        };

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)Math.Max(0, (time - DateTimeOffset.UnixEpoch).Ticks) * 100;

    private static KeyValue Of(string key, string value) => new() { Key = key, Value = new() { StringValue = value } };
}
