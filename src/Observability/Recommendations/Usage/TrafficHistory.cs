using Fleet.Observability.Ledger;
using Npgsql;

namespace Fleet.Observability.Recommendations.Usage;

/// <summary>What the ledger of costs knows of the network traffic of a cluster's workloads. Kubelets that are not asked measure none.</summary>
internal sealed class TrafficHistory(LedgerConnections connections)
{
    /// <summary>Bytes per second of all pods of each workload, sent and received, on average since then; null when nothing was measured in the whole cluster.</summary>
    public async Task<IReadOnlyDictionary<Workload, double>?> ReadAsync(string clusterUid, DateTimeOffset since, DateTimeOffset until, CancellationToken ct)
    {
        since = new(since.UtcTicks - since.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
        await using var opened = await connections.OpenAsync(ct);
        // Rows are found by their key, hour by hour: the hours of all clusters are in one table.
        await using var command = new NpgsqlCommand(
            """
            WITH items AS MATERIALIZED (
                SELECT id, namespace, controller_kind, controller FROM cost_items WHERE cluster_uid = $1 AND kind = 0 AND controller <> '' AND last_hour >= $2)
            SELECT i.namespace, i.controller_kind, i.controller, sum(h.transfer_bytes + h.receive_bytes)
            FROM generate_series($2, $3, interval '1 hour') AS t (hour) CROSS JOIN items i
            CROSS JOIN LATERAL (SELECT * FROM cost_hours c WHERE c.hour = t.hour AND c.item = i.id OFFSET 0) h
            GROUP BY 1, 2, 3
            """, opened.Value);
        command.Parameters.AddWithValue(clusterUid);
        command.Parameters.AddWithValue(since.ToUniversalTime());
        command.Parameters.AddWithValue(until.ToUniversalTime());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var seconds = Math.Max(1, (until - since).TotalSeconds);
        var found = new Dictionary<Workload, double>();
        while (await reader.ReadAsync(ct))
            found[new(reader.GetString(0), reader.GetString(1), reader.GetString(2))] = reader.GetDouble(3) / seconds;
        return found.Values.Any(bytes => bytes > 0) ? found : null;
    }
}
