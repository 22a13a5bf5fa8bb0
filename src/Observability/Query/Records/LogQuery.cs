namespace Fleet.Observability.Query.Records;

/// <summary>What is asked of logs. Pure.</summary>
internal sealed record LogQuery
{
    public static readonly TimeSpan UsualRange = TimeSpan.FromHours(1), LongestRange = TimeSpan.FromDays(14), LongestSearch = TimeSpan.FromHours(24);

    private static readonly string[] Known = ["cluster", "namespace", "pod", "service", "q", "severity", "traceId", "from", "to", "limit", "continue"];

    public required TelemetryScope Scope { get; init; }

    public required TimeRange Range { get; init; }

    public WorkloadFilter? Workload { get; init; }

    public string? Service { get; init; }

    /// <summary>A part of the body, in any case.</summary>
    public string? Text { get; init; }

    /// <summary>And what is graver.</summary>
    public short? Severity { get; init; }

    public byte[]? TraceId { get; init; }

    /// <summary>Kind and name of the object that the record is about, as collectors say of Kubernetes events.</summary>
    public (string Kind, string Name)? About { get; init; }

    public int Limit { get; init; } = 100;

    public RecordPlace? After { get; init; }

    public static QueryParameters Parameters(IQueryCollection query) => new(query, Known);

    public static LogQuery Read(QueryParameters given, TelemetryScope scope, DateTimeOffset now)
    {
        var text = given.Text("q");
        // Every row of the time is looked at for a text; with a trace the index finds them.
        var longest = text is not null && given.Text("traceId") is null ? LongestSearch : LongestRange;
        return new()
        {
            Scope = scope,
            Range = given.Range(now, UsualRange, longest),
            Workload = new() { Namespace = given.Text("namespace"), Pod = given.Text("pod") },
            Service = given.Text("service"),
            Text = text,
            Severity = given.Text("severity") is { } severity ? Records.Severity.Lowest(severity) : null,
            TraceId = given.Text("traceId") is { } trace ? Trace(trace) : null,
            Limit = given.Limit(usual: 100, most: 1000),
            After = RecordPlace.Parse(given.Text("continue")),
        };
    }

    /// <exception cref="TelemetryQueryException">It is no trace id.</exception>
    public static byte[] Trace(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigit)
        ? Convert.FromHexString(text) : throw new TelemetryQueryException("a trace id has 32 hexadecimal digits");
}
