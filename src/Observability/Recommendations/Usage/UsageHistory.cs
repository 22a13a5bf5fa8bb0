using Fleet.Observability.Ledger;
using Npgsql;

namespace Fleet.Observability.Recommendations.Usage;

/// <summary>What the ledger of costs knows of a cluster's usage, for the days of which no samples were kept.</summary>
internal sealed class UsageHistory(LedgerConnections connections)
{
    /// <summary>Fills a book that is empty with the hours since then, in their order.</summary>
    public async Task FillAsync(UsageBook book, string clusterUid, DateTimeOffset since, DateTimeOffset until, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        // Rows are of full hours.
        since = new(since.UtcTicks - since.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
        await FillUsageAsync(book, opened.Value, clusterUid, since, until, ct);
        await FillUnusedAsync(book, opened.Value, clusterUid, since, until, ct);
    }

    private static async Task FillUsageAsync(UsageBook book, NpgsqlConnection connection, string clusterUid, DateTimeOffset since, DateTimeOffset until, CancellationToken ct)
    {
        // Where nothing was measured there is no peak either; those hours say nothing of usage. Rows are found by their key, hour by hour: the hours of all clusters are in one table.
        await using var command = new NpgsqlCommand(
            """
            WITH items AS MATERIALIZED (
                SELECT id, namespace, controller_kind, controller, container FROM cost_items WHERE cluster_uid = $1 AND kind = 0 AND controller <> '' AND last_hour >= $2)
            SELECT t.hour, i.namespace, i.controller_kind, i.controller, i.container,
                sum(h.cpu_used) / GREATEST(sum((h.ended - h.started)::float8) / 3600, 1e-9::float8), max(h.cpu_peak), max(h.ram_peak)
            FROM generate_series($2, $3, interval '1 hour') AS t (hour) CROSS JOIN items i
            CROSS JOIN LATERAL (SELECT * FROM cost_hours c WHERE c.hour = t.hour AND c.item = i.id OFFSET 0) h
            WHERE h.ended > h.started AND h.ram_peak > 0
            GROUP BY 1, 2, 3, 4, 5 ORDER BY 1
            """, connection);
        command.Parameters.AddWithValue(clusterUid);
        command.Parameters.AddWithValue(since.ToUniversalTime());
        command.Parameters.AddWithValue(until.ToUniversalTime());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            book.Fill(
                new(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)), new(reader.GetDateTime(0), TimeSpan.Zero), reader.GetDouble(5), reader.GetFloat(6), reader.GetFloat(7));
    }

    /// <summary>Disks and load balancers that were nobody's: since the last hour in which they were somebody's, or the first that is known.</summary>
    private static async Task FillUnusedAsync(UsageBook book, NpgsqlConnection connection, string clusterUid, DateTimeOffset since, DateTimeOffset until, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH items AS MATERIALIZED (SELECT id, kind FROM cost_items WHERE cluster_uid = $1 AND last_hour >= $2)
            SELECT s.is_disk, s.asset, COALESCE(max(t.hour) FILTER (WHERE i.kind = 0) + interval '1 hour', min(t.hour))
            FROM generate_series($2, $3, interval '1 hour') AS t (hour) CROSS JOIN items i
            CROSS JOIN LATERAL (SELECT * FROM cost_shares c WHERE c.hour = t.hour AND c.item = i.id OFFSET 0) s
            GROUP BY 1, 2 HAVING max(t.hour) FILTER (WHERE i.kind = 0) IS DISTINCT FROM max(t.hour)
            """, connection);
        command.Parameters.AddWithValue(clusterUid);
        command.Parameters.AddWithValue(since.ToUniversalTime());
        command.Parameters.AddWithValue(until.ToUniversalTime());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            book.RestoreUnused(UnusedAssets.KeyOf(reader.GetBoolean(0), reader.GetString(1)), new(reader.GetDateTime(2), TimeSpan.Zero));
    }
}
