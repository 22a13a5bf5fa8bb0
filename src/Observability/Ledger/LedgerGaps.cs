using Fleet.Cost.Teams;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Ledger;

/// <summary>Where hours are missing in the ledger.</summary>
internal sealed class LedgerGaps(LedgerConnections connections)
{
    /// <param name="known">Days that costs are known of; they are kept longer than hours.</param>
    /// <param name="clusters">Whose gaps count; null for all.</param>
    public async Task<PriorPeriod> PriorAsync(DateOnly first, DateOnly end, IEnumerable<DateOnly> known, IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        // A cluster that is newer than the period, or went in it, has no gap. Hours of two clusters are one.
        await using var command = new NpgsqlCommand(
            """
            WITH spans AS (
                SELECT cluster_uid, min(hour) AS first, max(hour) AS last FROM cost_coverage
                WHERE hour >= $1 AND hour < $2 AND ($3::text[] IS NULL OR cluster_uid IN (SELECT cluster_uid FROM cost_clusters WHERE cluster = ANY ($3)))
                GROUP BY 1 HAVING count(*) <= extract(epoch FROM max(hour) - min(hour)) / 3600)
            SELECT (SELECT min(hour) FROM cost_coverage),
                (SELECT count(DISTINCT h) FROM spans s, generate_series(s.first, s.last, interval '1 hour') h
                 WHERE NOT EXISTS (SELECT 1 FROM cost_coverage c WHERE c.hour = h AND c.cluster_uid = s.cluster_uid))
            """, opened.Value);
        command.Parameters.AddWithValue(new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero));
        command.Parameters.AddWithValue(new DateTimeOffset(end, TimeOnly.MinValue, TimeSpan.Zero));
        command.Parameters.Add(new() { Value = clusters?.ToArray() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        DateTimeOffset? began = reader.IsDBNull(0) ? null : reader.GetFieldValue<DateTimeOffset>(0);
        var days = known.ToList();
        // Where days are known from before, hours went with their time and nothing began.
        if (began is { } hour && days.Exists(day => day < DateOnly.FromDateTime(hour.UtcDateTime)))
            began = null;
        return PriorPeriod.Of(first, end, days, began, (int)reader.GetInt64(1));
    }
}
