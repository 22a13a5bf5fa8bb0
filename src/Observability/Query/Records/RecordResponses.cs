using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Observability.Query.Records;

/// <param name="Items">Newest first.</param>
internal sealed record LogListResponse(IReadOnlyList<LogResponse> Items, [property: JsonPropertyName("continue")] string? Next)
{
    public static LogListResponse From(RecordPage<LogLine> page) => new([.. page.Items.Select(LogResponse.From)], page.Next?.ToString());
}

internal sealed record LogResponse(
    DateTime Time, string Cluster, string Service, string Namespace, string Pod, string Severity, int SeverityNumber, string Body, string? TraceId, string? SpanId, string Scope,
    JsonElement Attributes, JsonElement Resource)
{
    public static LogResponse From(LogLine line)
    {
        var of = line.Origin;
        return new(
            of.Time, of.Cluster, of.Service, of.Namespace, of.Pod, Records.Severity.Name(line.Severity, line.SeverityText), line.Severity, line.Body, of.TraceId, of.SpanId, of.Scope, of.Attributes, of.Resource);
    }
}

/// <param name="Items">Newest first.</param>
internal sealed record TraceListResponse(IReadOnlyList<TraceResponse> Items, [property: JsonPropertyName("continue")] string? Next)
{
    public static TraceListResponse From(RecordPage<TraceLine> page) => new([.. page.Items.Select(TraceResponse.From)], page.Next?.ToString());
}

/// <param name="Root">Name of the first span that has no parent, or of the first one.</param>
/// <param name="Duration">Seconds, from the first start to the last end.</param>
internal sealed record TraceResponse(string TraceId, string Root, string Service, string Cluster, DateTime Start, double Duration, long Spans, long Errors)
{
    public static TraceResponse From(TraceLine line) => new(line.TraceId, line.Root, line.Service, line.Cluster, line.Start, line.Duration.TotalSeconds, line.Spans, line.Errors);
}

/// <param name="Truncated">There are more spans than are told.</param>
internal sealed record TraceSpansResponse(string TraceId, IReadOnlyList<SpanResponse> Spans, bool Truncated);

/// <param name="Duration">Seconds.</param>
internal sealed record SpanResponse(
    string? SpanId, string? ParentSpanId, string Name, string Kind, string Cluster, string Service, string Namespace, string Pod, DateTime Start, double Duration, string Status,
    string? StatusMessage, string Scope, JsonElement Attributes, JsonElement Resource, JsonElement Events, JsonElement Links)
{
    private static readonly string[] Kinds = ["unspecified", "internal", "server", "client", "producer", "consumer"], Statuses = ["unset", "ok", "error"];

    public static SpanResponse From(SpanLine line)
    {
        var of = line.Origin;
        return new(
            of.SpanId, line.ParentSpanId, line.Name, Kinds[line.Kind], of.Cluster, of.Service, of.Namespace, of.Pod, of.Time, line.DurationNanoseconds / 1e9, Statuses[line.Status],
            line.StatusMessage.Length > 0 ? line.StatusMessage : null, of.Scope, of.Attributes, of.Resource, line.Events, line.Links);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LogListResponse))]
[JsonSerializable(typeof(TraceListResponse))]
[JsonSerializable(typeof(TraceSpansResponse))]
[JsonSerializable(typeof(RelatedResponse))]
internal sealed partial class RecordJson : JsonSerializerContext;
