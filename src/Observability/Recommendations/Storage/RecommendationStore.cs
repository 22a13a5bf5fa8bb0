using Fleet.Control.Grains;
using Fleet.Observability.Ledger;
using Fleet.Observability.Recommendations.Advice;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Recommendations.Storage;

/// <summary>Usage, recommendations and decisions in PostgreSQL. A cluster's recommendations are exchanged as a whole, in one transaction.</summary>
internal sealed class RecommendationStore(LedgerConnections connections)
{
    /// <summary>What was applied stays to be looked at, after what it was about has gone.</summary>
    private static readonly TimeSpan AppliedKept = TimeSpan.FromDays(30);

    /// <summary>Null when nothing was kept of the cluster.</summary>
    public async Task<byte[]?> UsageAsync(string clusterUid, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT state FROM usage_checkpoints WHERE cluster_uid = $1", opened.Value);
        command.Parameters.AddWithValue(clusterUid);
        return await command.ExecuteScalarAsync(ct) as byte[];
    }

    /// <summary>A later one stays.</summary>
    /// <exception cref="GrainElsewhereException">The cluster is another process' now.</exception>
    public async Task SaveUsageAsync(GrainOwnership owner, string clusterUid, DateTimeOffset at, byte[] state, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var transaction = await opened.BeginAsync(owner, ct);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO usage_checkpoints (cluster_uid, saved_at, state) VALUES ($1, $2, $3)
            ON CONFLICT (cluster_uid) DO UPDATE SET saved_at = EXCLUDED.saved_at, state = EXCLUDED.state WHERE usage_checkpoints.saved_at < EXCLUDED.saved_at
            """, opened.Value);
        command.Parameters.AddWithValue(clusterUid);
        command.Parameters.AddWithValue(at.ToUniversalTime());
        command.Parameters.AddWithValue(state);
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>What is recommended for a cluster from now on. What is no longer found goes; what was applied is told for a month.</summary>
    /// <param name="gaps">What nothing is said of, and why.</param>
    public async Task ReplaceAsync(
        GrainOwnership owner, string clusterUid, string cluster, IReadOnlyList<Recommendation> found, string outlook, DateTimeOffset at, CancellationToken ct, string gaps = "")
    {
        await using var opened = await connections.OpenAsync(ct);
        var connection = opened.Value;
        await using var transaction = await opened.BeginAsync(owner, ct);
        if (!await AdvisedAsync(connection, new(clusterUid, cluster, at, gaps, outlook), ct))
            return;
        await using (var insert = new NpgsqlCommand(
            """
            INSERT INTO recommendations (id, cluster_uid, cluster, kind, namespace, found_at, refreshed_at, body)
            SELECT id, $1, $2, kind, namespace, $3, $3, body::jsonb FROM unnest($4::text[], $5::text[], $6::text[], $7::text[]) AS new (id, kind, namespace, body)
            ORDER BY id
            ON CONFLICT (id) DO UPDATE SET cluster = EXCLUDED.cluster, refreshed_at = EXCLUDED.refreshed_at, body = EXCLUDED.body
            """, connection))
        {
            insert.Parameters.AddWithValue(clusterUid);
            insert.Parameters.AddWithValue(cluster);
            insert.Parameters.AddWithValue(at.ToUniversalTime());
            var distinct = found.GroupBy(one => one.IdIn(clusterUid)).Select(group => (Id: group.Key, Found: group.First())).ToList();
            insert.Parameters.AddWithValue(distinct.Select(one => one.Id).ToArray());
            insert.Parameters.AddWithValue(distinct.Select(one => one.Found.Kind).ToArray());
            insert.Parameters.AddWithValue(distinct.Select(one => one.Found.Namespace).ToArray());
            insert.Parameters.AddWithValue(distinct.Select(one => RecommendationBody.Of(one.Found).Write()).ToArray());
            await insert.ExecuteNonQueryAsync(ct);
        }
        await using (var delete = new NpgsqlCommand(
            """
            DELETE FROM recommendations r WHERE cluster_uid = $1 AND refreshed_at < $2
                AND NOT EXISTS (SELECT 1 FROM recommendation_states s WHERE s.id = r.id AND s.state = 'applied' AND s.decided_at > $3)
            """, connection))
        {
            delete.Parameters.AddWithValue(clusterUid);
            delete.Parameters.AddWithValue(at.ToUniversalTime());
            delete.Parameters.AddWithValue((at - AppliedKept).ToUniversalTime());
            await delete.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
    }

    /// <summary>Notes why there is no advice: what there was stays, and is shown until it is too old.</summary>
    public async Task FailedAsync(GrainOwnership owner, string clusterUid, string cluster, string problem, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var transaction = await opened.BeginAsync(owner, ct);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO recommendation_clusters (cluster_uid, cluster, refreshed_at, problem, outlook) VALUES ($1, $2, '-infinity', $3, '{}')
            ON CONFLICT (cluster_uid) DO UPDATE SET problem = EXCLUDED.problem
            """, opened.Value);
        command.Parameters.AddWithValue(clusterUid);
        command.Parameters.AddWithValue(cluster);
        command.Parameters.AddWithValue(problem);
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Forgets a cluster that is no longer of the fleet; decisions stay, for a cluster that comes back.</summary>
    public async Task ForgetAsync(GrainOwnership owner, string clusterUid, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var transaction = await opened.BeginAsync(owner, ct);
        foreach (var table in (string[])["recommendations", "recommendation_clusters", "usage_checkpoints"])
        {
            await using var command = new NpgsqlCommand($"DELETE FROM {table} WHERE cluster_uid = $1", opened.Value);
            command.Parameters.AddWithValue(clusterUid);
            await command.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
    }

    /// <param name="since">Only of clusters that were advised about since then.</param>
    /// <param name="id">Only this one; null for all.</param>
    public async Task<IReadOnlyList<StoredRecommendation>> ListAsync(DateTimeOffset since, string? id, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            SELECT r.id, r.cluster_uid, r.cluster, r.kind, r.namespace, r.found_at, r.refreshed_at, r.body::text, s.state, s.until, s.reason, s.by_user, s.decided_at
            FROM recommendations r JOIN recommendation_clusters c ON c.cluster_uid = r.cluster_uid LEFT JOIN recommendation_states s ON s.id = r.id
            WHERE c.refreshed_at >= $1 AND ($2::text IS NULL OR r.id = $2)
            ORDER BY r.cluster, r.kind, r.namespace, r.id
            """, opened.Value);
        command.Parameters.AddWithValue(since.ToUniversalTime());
        command.Parameters.Add(new() { Value = id ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<StoredRecommendation>();
        while (await reader.ReadAsync(ct))
        {
            var decision = reader.IsDBNull(8) ? null : new Decision(reader.GetString(8), reader.IsDBNull(9) ? null : Time(reader, 9), reader.GetString(10), reader.GetString(11), Time(reader, 12));
            found.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), Time(reader, 5), Time(reader, 6), reader.GetString(7), decision));
        }
        return found;
    }

    public async Task<IReadOnlyList<AdvisedCluster>> ClustersAsync(CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT cluster_uid, cluster, GREATEST(refreshed_at, 'epoch'), problem, outlook::text FROM recommendation_clusters ORDER BY cluster, cluster_uid", opened.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<AdvisedCluster>();
        while (await reader.ReadAsync(ct))
            found.Add(new(reader.GetString(0), reader.GetString(1), Time(reader, 2), reader.GetString(3), reader.GetString(4)));
        return found;
    }

    /// <param name="decision">Null takes back what was decided before.</param>
    /// <param name="seen">Version of what was decided before; null: whatever it is.</param>
    /// <returns>False when somebody has decided since, and nothing was done.</returns>
    public async Task<bool> DecideAsync(string id, Decision? decision, string? seen, CancellationToken ct)
    {
        if (seen is not (null or Decision.NoVersion) && Decision.TimeOf(seen) is null)
            return false;
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            decision is null
                ? """
                  WITH gone AS (DELETE FROM recommendation_states WHERE id = $1 AND ($2 OR decided_at = $3) RETURNING id)
                  SELECT $2 OR EXISTS (SELECT 1 FROM gone) OR ($3 IS NULL AND NOT EXISTS (SELECT 1 FROM recommendation_states WHERE id = $1))
                  """
                : """
                  WITH kept AS (
                      INSERT INTO recommendation_states AS s (id, state, until, reason, by_user, decided_at)
                      SELECT $1, $4, $5, $6, $7, $8 WHERE $2 OR $3 IS NULL OR EXISTS (SELECT 1 FROM recommendation_states WHERE id = $1)
                      ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, until = EXCLUDED.until, reason = EXCLUDED.reason, by_user = EXCLUDED.by_user, decided_at = EXCLUDED.decided_at
                          WHERE $2 OR s.decided_at = $3
                      RETURNING s.id)
                  SELECT EXISTS (SELECT 1 FROM kept)
                  """, opened.Value);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(seen is null);
        command.Parameters.Add(new() { Value = seen is null ? DBNull.Value : Decision.TimeOf(seen) ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        if (decision is not null)
        {
            command.Parameters.AddWithValue(decision.State);
            command.Parameters.Add(new() { Value = decision.Until?.UtcDateTime ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
            command.Parameters.AddWithValue(decision.Reason);
            command.Parameters.AddWithValue(decision.By);
            command.Parameters.AddWithValue(decision.At.ToUniversalTime());
        }
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>False when another process has been further already.</summary>
    private static async Task<bool> AdvisedAsync(NpgsqlConnection connection, AdvisedCluster cluster, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO recommendation_clusters (cluster_uid, cluster, refreshed_at, problem, outlook) VALUES ($1, $2, $3, $4, $5::jsonb)
            ON CONFLICT (cluster_uid) DO UPDATE SET cluster = EXCLUDED.cluster, refreshed_at = EXCLUDED.refreshed_at, problem = EXCLUDED.problem, outlook = EXCLUDED.outlook
            WHERE recommendation_clusters.refreshed_at < EXCLUDED.refreshed_at
            """, connection);
        command.Parameters.AddWithValue(cluster.ClusterUid);
        command.Parameters.AddWithValue(cluster.Cluster);
        command.Parameters.AddWithValue(cluster.RefreshedAt.ToUniversalTime());
        command.Parameters.AddWithValue(cluster.Problem);
        command.Parameters.AddWithValue(cluster.Outlook);
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    private static DateTimeOffset Time(NpgsqlDataReader reader, int at) => new(reader.GetDateTime(at), TimeSpan.Zero);
}
