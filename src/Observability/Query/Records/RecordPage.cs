using System.Text.Json;

namespace Fleet.Observability.Query.Records;

/// <param name="Next">Where the next page begins; null: there is no more.</param>
internal sealed record RecordPage<T>(IReadOnlyList<T> Items, RecordPlace? Next);

/// <summary>What logs and spans both tell.</summary>
internal sealed record RecordOrigin(DateTime Time, string Cluster, string Service, string Namespace, string Pod, string? TraceId, string? SpanId, string Scope, JsonElement Attributes, JsonElement Resource);

internal sealed record LogLine(RecordOrigin Origin, int Severity, string SeverityText, string Body);

internal sealed record SpanLine(
    RecordOrigin Origin, string? ParentSpanId, string Name, int Kind, long DurationNanoseconds, int Status, string StatusMessage, JsonElement Events, JsonElement Links);

/// <param name="Duration">From the first start to the last end.</param>
internal sealed record TraceLine(string TraceId, string Root, string Service, string Cluster, DateTime Start, TimeSpan Duration, long Spans, long Errors);
