using System.Text.Json;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Records;
using Npgsql;

namespace Fleet.Observability.Query.Records;

/// <summary>Reads logs and spans, newest first, of a bounded time and in a bounded size. A question that takes too long is ended in the database as well.</summary>
internal sealed class RecordReader : IAsyncDisposable
{
    /// <summary>Seconds.</summary>
    public const int Patience = 10;

    public const int MostSpans = 5000;

    /// <summary>A page ends here, whatever its limit: one record may have 200 KiB.</summary>
    private const long MostCharacters = 8 * 1024 * 1024;

    private const string Origin = "cluster_namespace || '/' || cluster, service, k8s_namespace, k8s_pod, encode(trace_id, 'hex'), encode(span_id, 'hex'), scope, attributes::text, resource::text";

    private readonly NpgsqlDataSource database;
    private readonly RecordTargets targets;

    public RecordReader(RecordOptions options, RecordTargets targets)
    {
        this.targets = targets;
        // Of its own, so that readers do not take the connections of the ways in.
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString) { CommandTimeout = Patience, MaxPoolSize = 8, ApplicationName = "fleet-telemetry-query" };
        database = NpgsqlDataSource.Create(connection.ConnectionString);
    }

    /// <exception cref="TelemetryElsewhereException">They are not kept here.</exception>
    public Task<RecordPage<LogLine>> LogsAsync(LogQuery query, CancellationToken ct)
    {
        Require("logs", targets.Logs);
        var sql = new RecordSql();
        sql.Within(query.Range);
        sql.Within(query.Scope);
        sql.Of(query.Workload);
        sql.Equal("service", query.Service);
        sql.Equal("trace_id", query.TraceId);
        if (query.Severity is { } severity)
            sql.Where($"@severity >= {sql.Value(severity)}");
        if (query.Text is { } text)
            sql.Where($"@body ILIKE {sql.Value($"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%")}");
        if (query.About is { } about)
        {
            sql.Where($"@resource ->> 'k8s.object.kind' = {sql.Value(about.Kind)}");
            sql.Where($"@resource ->> 'k8s.object.name' = {sql.Value(about.Name)}");
        }
        sql.After(query.After);
        return PageAsync(
            sql,
            $"SELECT time, l.ctid::text AS place, {Origin}, severity, severity_text, body FROM logs l WHERE {sql.Conditions("l")} ORDER BY l.time DESC, l.ctid DESC LIMIT {sql.Value(query.Limit + 1)}",
            query.Limit,
            row => new LogLine(OriginOf(row), row.GetInt16(11), row.GetString(12), row.GetString(13)),
            ct);
    }

    /// <exception cref="TelemetryElsewhereException">They are not kept here.</exception>
    public Task<RecordPage<TraceLine>> TracesAsync(TraceQuery query, CancellationToken ct)
    {
        Require("traces", targets.Traces);
        var sql = new RecordSql();
        sql.Within(query.Range);
        sql.Within(query.Scope);
        sql.Of(query.Workload);
        sql.Equal("service", query.Service);
        sql.Equal("name", query.Name);
        if (query.MinDuration is { } duration)
            sql.Where($"@duration_ns >= {sql.Value(duration.Ticks * TimeSpan.NanosecondsPerTick)}");
        if (query.OnlyErrors)
            sql.Where("@status = 2");
        // Of the spans of a trace to which it applies the first one stands for the trace, so that each is there once.
        var earlier = sql.Conditions("p");
        sql.After(query.After);
        var apart = sql.Value(TraceQuery.LongestTrace);
        return PageAsync(
            sql,
            $"""
            SELECT e.time, e.place::text, encode(e.trace_id, 'hex'), r.name, r.service, r.cluster_namespace || '/' || r.cluster, t.start, t.duration, t.spans, t.errors
            FROM (
                SELECT s.time, s.ctid AS place, s.trace_id FROM spans s
                WHERE {sql.Conditions("s")} AND NOT EXISTS (SELECT FROM spans p WHERE p.trace_id = s.trace_id AND {earlier} AND (p.time, p.span_id, p.ctid) < (s.time, s.span_id, s.ctid))
                ORDER BY s.time DESC, s.ctid DESC LIMIT {sql.Value(query.Limit + 1)}) e
            CROSS JOIN LATERAL (
                SELECT min(w.time) AS start, max(w.time + w.duration_ns / 1000 * interval '1 microsecond') - min(w.time) AS duration, count(*) AS spans, count(*) FILTER (WHERE w.status = 2) AS errors
                FROM spans w WHERE w.trace_id = e.trace_id AND w.time BETWEEN e.time - {apart} AND e.time + {apart} AND {sql.Scope("w")}) t
            CROSS JOIN LATERAL (
                SELECT w.name, w.service, w.cluster_namespace, w.cluster
                FROM spans w WHERE w.trace_id = e.trace_id AND w.time BETWEEN e.time - {apart} AND e.time + {apart} AND {sql.Scope("w")}
                ORDER BY w.parent_span_id IS NOT NULL, w.time, w.span_id LIMIT 1) r
            ORDER BY e.time DESC, e.place DESC
            """,
            query.Limit,
            row => new TraceLine(row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetDateTime(6), row.GetTimeSpan(7), row.GetInt64(8), row.GetInt64(9)),
            ct);
    }

    /// <summary>The spans of one trace in the order of their starts; there is a next page when they are more than <see cref="MostSpans"/>.</summary>
    public Task<RecordPage<SpanLine>> SpansAsync(byte[] trace, TelemetryScope scope, CancellationToken ct)
    {
        Require("traces", targets.Traces);
        var sql = new RecordSql();
        sql.Within(scope);
        sql.Equal("trace_id", trace);
        return PageAsync(
            sql,
            $"""
            SELECT time, s.ctid::text AS place, {Origin}, encode(parent_span_id, 'hex'), name, kind, duration_ns, status, status_message, events::text, links::text
            FROM spans s WHERE {sql.Conditions("s")} ORDER BY time, span_id LIMIT {sql.Value(MostSpans + 1)}
            """,
            MostSpans,
            row => new SpanLine(
                OriginOf(row), row.IsDBNull(11) ? null : row.GetString(11), row.GetString(12), row.GetInt16(13), row.GetInt64(14), row.GetInt16(15), row.GetString(16), Json(row, 17), Json(row, 18)),
            ct);
    }

    private static void Require(string what, TargetOptions? elsewhere)
    {
        if (elsewhere is not null)
            throw new TelemetryElsewhereException(what, elsewhere.Address);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task<RecordPage<T>> PageAsync<T>(RecordSql sql, string text, int limit, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var command = sql.Command(text, connection);
            await using var rows = await command.ExecuteReaderAsync(ct);
            var items = new List<T>();
            RecordPlace? last = null;
            long characters = 0;
            while (await rows.ReadAsync(ct))
            {
                if (items.Count == limit || characters > MostCharacters)
                    return new(items, last);
                items.Add(read(rows));
                last = new(rows.GetDateTime(0), rows.GetString(1));
                for (var column = 0; column < rows.FieldCount; column++)
                    if (rows.GetFieldType(column) == typeof(string) && !rows.IsDBNull(column))
                        characters += rows.GetString(column).Length;
            }
            return new(items, null);
        }
        catch (NpgsqlException failure) when (failure.InnerException is TimeoutException || (failure as PostgresException)?.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw new TelemetryUnavailableException($"that took longer than {Patience} s: ask for a shorter time or for one cluster", failure);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw new TelemetryUnavailableException("the database of logs and traces does not answer", failure);
        }
    }

    private static RecordOrigin OriginOf(NpgsqlDataReader row) => new(
        row.GetDateTime(0), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7),
        row.GetString(8), Json(row, 9), Json(row, 10));

    private static JsonElement Json(NpgsqlDataReader row, int column) => JsonElement.Parse(row.GetString(column));
}
