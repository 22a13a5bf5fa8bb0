using Fleet.Observability.Alerts.States;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Alerts.Storage;

/// <summary>Alerts as rows.</summary>
internal static class AlertRows
{
    public const string Columns = "id, rule_namespace, rule, alert, labels, annotations, phase, active_since, fired_at, unseen_since, resolved_at, value, incident";

    public static async Task<List<AlertInstance>> ReadAsync(NpgsqlCommand query, CancellationToken ct)
    {
        var alerts = new List<AlertInstance>();
        await using (query)
        await using (var reader = await query.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                alerts.Add(new()
                {
                    Id = reader.GetString(0), Rule = new(reader.GetString(1), reader.GetString(2), reader.GetString(3)),
                    Labels = AlertsJson.ReadLabels(reader.GetString(4)), Annotations = AlertsJson.ReadLabels(reader.GetString(5)), Phase = Enum.Parse<AlertPhase>(reader.GetString(6)),
                    ActiveSince = reader.GetFieldValue<DateTimeOffset>(7), FiredAt = Time(reader, 8), UnseenSince = Time(reader, 9), ResolvedAt = Time(reader, 10),
                    Value = reader.GetDouble(11), Incident = reader.GetString(12),
                });
        return alerts;
    }

    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<AlertInstance> alerts, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO alerts (id, rule_namespace, rule, alert, tenant, labels, annotations, phase, active_since, fired_at, unseen_since, resolved_at, value, incident)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (id) DO UPDATE SET tenant = excluded.tenant, labels = excluded.labels, annotations = excluded.annotations, phase = excluded.phase, active_since = excluded.active_since,
                fired_at = excluded.fired_at, unseen_since = excluded.unseen_since, resolved_at = excluded.resolved_at, value = excluded.value, incident = excluded.incident
            """, connection)
        {
            Parameters =
            {
                Texts(alerts, alert => alert.Id), Texts(alerts, alert => alert.Rule.Namespace), Texts(alerts, alert => alert.Rule.Name), Texts(alerts, alert => alert.Rule.Alert),
                Texts(alerts, alert => alert.Tenant), Texts(alerts, alert => AlertsJson.Write(alert.Labels)), Texts(alerts, alert => AlertsJson.Write(alert.Annotations)),
                Texts(alerts, alert => alert.Phase.ToString()), Times(alerts, alert => alert.ActiveSince), Times(alerts, alert => alert.FiredAt), Times(alerts, alert => alert.UnseenSince),
                Times(alerts, alert => alert.ResolvedAt), new() { Value = alerts.Select(alert => alert.Value).ToArray() }, Texts(alerts, alert => alert.Incident),
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static NpgsqlParameter Texts(IReadOnlyList<AlertInstance> alerts, Func<AlertInstance, string> text) => new() { Value = alerts.Select(text).ToArray() };

    private static NpgsqlParameter Times(IReadOnlyList<AlertInstance> alerts, Func<AlertInstance, DateTimeOffset?> time) =>
        new() { Value = alerts.Select(alert => time(alert)?.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
