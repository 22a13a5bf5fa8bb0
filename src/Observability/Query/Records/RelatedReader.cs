using System.Globalization;
using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.History;

namespace Fleet.Observability.Query.Records;

/// <summary>From an alert or a cost row to the events, logs and traces of its object and time.</summary>
internal sealed class RelatedReader(RecordReader records, EventStore events)
{
    private const int MostLogs = 50, MostTraces = 20, MostEvents = 1000;

    private static readonly TimeSpan LongestRange = TimeSpan.FromHours(24);
    private static readonly string[] Known = ["cluster", "namespace", "kind", "name", "from", "to"];

    public static QueryParameters Parameters(IQueryCollection query) => new(query, Known);

    public async Task<RelatedResponse> ReadAsync(QueryParameters given, TelemetryScope scope, bool withEvents, DateTimeOffset now, CancellationToken ct)
    {
        var cluster = scope.Cluster ?? throw new TelemetryQueryException("cluster is needed");
        var of = new RelatedObject(given.Text("kind") ?? "ClusterDeployment", given.Text("namespace"), given.Text("name") ?? cluster.Name);
        var range = given.Range(now, LogQuery.UsualRange, LongestRange);
        var workload = WorkloadFilter.Of(of.Kind, of.Namespace, of.Name);
        var asked = new LogQuery { Scope = scope, Range = range, Limit = MostLogs };
        var elsewhere = new List<string>();
        var logs = await HereAsync(() => records.LogsAsync(asked with { Workload = workload }, ct), elsewhere);
        var about = workload is null || logs is null ? null : await records.LogsAsync(asked with { About = (of.Kind, of.Name), Workload = of.Namespace is { } ns && of.Kind != "Node" ? new() { Namespace = ns } : null }, ct);
        var traces = await HereAsync(() => records.TracesAsync(new() { Scope = scope, Range = range, Workload = workload, Limit = MostTraces }, ct), elsewhere);
        return new(
            cluster.ToString(), of, range.From, range.To, withEvents ? await EventsAsync(cluster, range, ct) : null,
            about is null ? [] : LogListResponse.From(about).Items, logs is null ? [] : LogListResponse.From(logs).Items, traces is null ? [] : TraceListResponse.From(traces).Items,
            LinksOf(cluster, workload, range)) { Elsewhere = elsewhere.Count == 0 ? null : elsewhere };
    }

    private static async Task<RecordPage<T>?> HereAsync<T>(Func<Task<RecordPage<T>>> read, List<string> elsewhere) where T : notnull
    {
        try
        {
            return await read();
        }
        catch (TelemetryElsewhereException e)
        {
            elsewhere.Add(e.Message);
            return null;
        }
    }

    private async Task<IReadOnlyList<EventRow>> EventsAsync(ObjectKey cluster, TimeRange range, CancellationToken ct) =>
    [
        .. (await events.FindAsync(cluster.Namespace, cluster.Name, range.From.ToUniversalTime(), MostEvents, ct))
            .Where(row => row.Kind == FleetKinds.ClusterDeployments.Kind.Kind && row.FirstSeen < range.To),
    ];

    private static RelatedLinks LinksOf(ObjectKey cluster, WorkloadFilter? workload, TimeRange range)
    {
        var time = $"from={Text(range.From)}&to={Text(range.To)}";
        var within = $"cluster={Uri.EscapeDataString(cluster.ToString())}"
            + (workload?.Namespace is { } @namespace ? $"&namespace={Uri.EscapeDataString(@namespace)}" : "") + (workload?.Pod is { } pod ? $"&pod={Uri.EscapeDataString(pod)}" : "");
        return new(
            $"/api/v1/logs?{within}&{time}", $"/api/v1/traces?{within}&{time}",
            $"/api/v1/events?namespace={Uri.EscapeDataString(cluster.Namespace)}&name={Uri.EscapeDataString(cluster.Name)}&since={Text(range.From)}");
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whether the caller may also see the cluster's events.</summary>
    public static Task<bool> MayListEventsAsync(CallerAccess access, Caller caller, ObjectKey cluster, CancellationToken ct) =>
        access.MayAsync(caller, new("list", new ResourceKind("", "v1", "Event", "events", Namespaced: true), cluster.Namespace), fresh: false, ct);
}
