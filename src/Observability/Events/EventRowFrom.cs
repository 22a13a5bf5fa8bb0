using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.History;

namespace Fleet.Observability.Events;

/// <summary>Reads core/v1 Events, whichever API they were written with.</summary>
public static class EventRowFrom
{
    private const int LongestMessage = 4096;

    /// <summary>Null for an event without a usable UID: it could not be recognised again.</summary>
    public static EventRow? Event(DynamicObject seen)
    {
        if (!Guid.TryParse(seen.Metadata.Uid, out var uid))
            return null;
        var created = seen.Metadata.CreationTimestamp ?? default;
        var eventTime = Time(seen.At("eventTime")) ?? created;
        var first = Time(seen.At("firstTimestamp")) ?? eventTime;
        var last = Time(seen.At("series", "lastObservedTime")) ?? Time(seen.At("lastTimestamp")) ?? eventTime;
        var message = Text(seen.At("message")) ?? "";
        return new EventRow
        {
            Uid = uid,
            Namespace = Text(seen.At("involvedObject", "namespace")) ?? seen.Key.Namespace,
            Kind = Text(seen.At("involvedObject", "kind")) ?? "",
            Name = Text(seen.At("involvedObject", "name")) ?? "",
            ObjectUid = Text(seen.At("involvedObject", "uid")),
            Type = Text(seen.At("type")) ?? "Normal",
            Reason = Text(seen.At("reason")) ?? "",
            Message = message.Length <= LongestMessage ? message : message[..LongestMessage],
            Count = (int?)(seen.At("series", "count") ?? seen.At("count")) ?? 1,
            FirstSeen = first,
            LastSeen = last < first ? first : last,
        };
    }

    /// <summary>PostgreSQL's text cannot hold a zero byte, JSON can; one such event must not stop the others.</summary>
    private static string? Text(JsonNode? node) => ((string?)node)?.Replace("\0", "", StringComparison.Ordinal);

    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse((string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
