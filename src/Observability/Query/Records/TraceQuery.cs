using Fleet.Control.Durations;

namespace Fleet.Observability.Query.Records;

/// <summary>Which traces are asked for: those with a span to which all of it applies. Pure.</summary>
internal sealed record TraceQuery
{
    /// <summary>Spans of one trace are so far apart at most.</summary>
    public static readonly TimeSpan LongestTrace = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestRange = TimeSpan.FromDays(7);

    private static readonly string[] Known = ["cluster", "namespace", "pod", "service", "name", "minDuration", "errors", "from", "to", "limit", "continue"];

    public required TelemetryScope Scope { get; init; }

    public required TimeRange Range { get; init; }

    public WorkloadFilter? Workload { get; init; }

    public string? Service { get; init; }

    public string? Name { get; init; }

    public TimeSpan? MinDuration { get; init; }

    public bool OnlyErrors { get; init; }

    public int Limit { get; init; } = 50;

    public RecordPlace? After { get; init; }

    public static QueryParameters Parameters(IQueryCollection query) => new(query, Known);

    public static TraceQuery Read(QueryParameters given, TelemetryScope scope, DateTimeOffset now) => new()
    {
        Scope = scope,
        Range = given.Range(now, LogQuery.UsualRange, LongestRange),
        Workload = new() { Namespace = given.Text("namespace"), Pod = given.Text("pod") },
        Service = given.Text("service"),
        Name = given.Text("name"),
        MinDuration = given.Text("minDuration") is not { } text ? null
            : GoDuration.TryParse(text, out var duration) ? duration : throw new TelemetryQueryException("minDuration is no duration: for example 250ms or 2s"),
        OnlyErrors = given.Text("errors") switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw new TelemetryQueryException("errors is true or false"),
        },
        Limit = given.Limit(usual: 50, most: 200),
        After = RecordPlace.Parse(given.Text("continue")),
    };
}
