using System.Text.Json;
using Fleet.Cost.Allocations;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Ledger;

/// <summary>
/// Adds hours to the ledger, in bulk. A cluster's rows and the moment up to which they reach are written in one transaction: what is sent again, by this process or by one
/// that took its place, is not added again.
/// </summary>
internal sealed class LedgerWriter(LedgerConnections connections, LedgerPartitions partitions)
{
    /// <summary>Up to when a cluster's costs are there; null when there are none.</summary>
    public async Task<DateTimeOffset?> SeenUntilAsync(string clusterUid, CancellationToken ct)
    {
        await using var connection = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT seen_until FROM cost_clusters WHERE cluster_uid = $1", connection.Value);
        command.Parameters.AddWithValue(clusterUid);
        return await command.ExecuteScalarAsync(ct) is DateTime known ? new(known, TimeSpan.Zero) : null;
    }

    /// <summary>All or nothing of it. False when the ledger was that far already, so that nothing is to be added.</summary>
    public async Task<bool> AddAsync(LedgerBatch batch, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        var connection = opened.Value;
        await partitions.MakeAsync(connection, [.. batch.Coverage.Select(coverage => coverage.Hour)], ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await MoveAsync(connection, batch, ct))
            return false;
        var items = await ItemsAsync(connection, batch, ct);
        await AddHoursAsync(connection, batch, items, ct);
        await LedgerTables.Days.RollAsync(connection, LedgerTables.Hours, ct);
        await AddNamespacesAsync(connection, batch, ct);
        await AddSharesAsync(connection, batch, items, ct);
        await LedgerTables.ShareDays.RollAsync(connection, LedgerTables.Shares, ct);
        await AddAssetsAsync(connection, batch, ct);
        await LedgerTables.AssetDays.RollAsync(connection, LedgerTables.Assets, ct);
        await AddCoverageAsync(connection, batch, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>False when it is there already.</summary>
    private static async Task<bool> MoveAsync(NpgsqlConnection connection, LedgerBatch batch, CancellationToken ct)
    {
        if (batch.BackfillUntil is { } until)
            return await BackfillAsync(connection, batch, until, ct);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO cost_clusters (cluster_uid, cluster, seen_until, problems, simulated, balance) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (cluster_uid) DO UPDATE SET cluster = EXCLUDED.cluster, seen_until = EXCLUDED.seen_until, problems = EXCLUDED.problems,
                simulated = cost_clusters.simulated OR EXCLUDED.simulated, balance = COALESCE(EXCLUDED.balance, cost_clusters.balance)
            WHERE cost_clusters.seen_until < EXCLUDED.seen_until
            """, connection);
        command.Parameters.AddWithValue(batch.ClusterUid);
        command.Parameters.AddWithValue(batch.Cluster);
        command.Parameters.AddWithValue(batch.Until.ToUniversalTime());
        command.Parameters.AddWithValue(batch.Problems.ToArray());
        command.Parameters.AddWithValue(batch.IsSimulated);
        command.Parameters.Add(new() { Value = LedgerBalance.Of(batch) is { } balance ? JsonSerializer.Serialize(balance) : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    private static async Task<bool> BackfillAsync(NpgsqlConnection connection, LedgerBatch batch, DateTimeOffset until, CancellationToken ct)
    {
        await using (var command = new NpgsqlCommand(
            """
            INSERT INTO cost_clusters (cluster_uid, cluster, seen_until, problems, simulated) VALUES ($1, $2, $3, '{}', $4)
            ON CONFLICT (cluster_uid) DO UPDATE SET simulated = cost_clusters.simulated OR EXCLUDED.simulated
            """, connection))
        {
            command.Parameters.AddWithValue(batch.ClusterUid);
            command.Parameters.AddWithValue(batch.Cluster);
            command.Parameters.AddWithValue(until.ToUniversalTime());
            command.Parameters.AddWithValue(batch.IsSimulated);
            await command.ExecuteNonQueryAsync(ct);
        }
        await using var move = new NpgsqlCommand("UPDATE cost_backfills SET done_until = $2 WHERE cluster_uid = $1 AND done_until < $2 AND until >= $2", connection);
        move.Parameters.AddWithValue(batch.ClusterUid);
        move.Parameters.AddWithValue(batch.Until.ToUniversalTime());
        return await move.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>Where filling in the past of a cluster goes on, and where what was really seen begins, which it never reaches into. The same in every process.</summary>
    public async Task<QueryWindow> BackfillOfAsync(string clusterUid, DateTimeOffset from, DateTimeOffset now, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO cost_backfills (cluster_uid, done_until, until)
            SELECT $1, LEAST($2, u.until), u.until FROM (SELECT date_trunc('hour', LEAST($3, (SELECT min(hour) FROM cost_coverage WHERE cluster_uid = $1)), 'UTC') AS until) u
            ON CONFLICT (cluster_uid) DO UPDATE SET until = cost_backfills.until
            RETURNING done_until, until
            """, opened.Value);
        command.Parameters.AddWithValue(clusterUid);
        command.Parameters.AddWithValue(from.UtcDateTime);
        command.Parameters.AddWithValue(now.UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new(new(reader.GetDateTime(0), TimeSpan.Zero), new(reader.GetDateTime(1), TimeSpan.Zero));
    }

    /// <summary>Numbers of the items, by digest; those that are new are made.</summary>
    private static async Task<Dictionary<string, long>> ItemsAsync(NpgsqlConnection connection, LedgerBatch batch, CancellationToken ct)
    {
        var items = new Dictionary<string, (LedgerItem Item, DateTimeOffset Last)>();
        foreach (var hour in batch.Hours)
            foreach (var row in hour.Workloads.Allocations.Values)
            {
                var item = LedgerItem.From(row, batch.ClusterUid);
                items[Convert.ToHexString(item.Digest)] = (item, hour.Assets.Window.Start);
            }
        var all = items.Values.ToList();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO cost_items (digest, kind, cluster_uid, cluster, name, node, namespace, controller_kind, controller, pod, container, services, labels, annotations, last_hour)
            SELECT digest, kind, cluster_uid, cluster, name, node, namespace, controller_kind, controller, pod, container, string_to_array(services, ','), labels::jsonb, annotations::jsonb, last_hour
            FROM unnest($1::bytea[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[])
                AS new (digest, kind, cluster_uid, cluster, name, node, namespace, controller_kind, controller, pod, container, services, labels, annotations, last_hour)
            ORDER BY digest
            ON CONFLICT (digest) DO UPDATE SET last_hour = GREATEST(cost_items.last_hour, EXCLUDED.last_hour)
            RETURNING id, digest
            """, connection);
        Add(command, all, one => one.Item.Digest);
        Add(command, all, one => (short)one.Item.Row.Kind);
        Add(command, all, one => one.Item.ClusterUid);
        Add(command, all, one => one.Item.Row.Properties.Cluster);
        Add(command, all, one => one.Item.Row.Name);
        Add(command, all, one => one.Item.Row.Properties.Node);
        Add(command, all, one => one.Item.Row.Properties.Namespace);
        Add(command, all, one => one.Item.Row.Properties.ControllerKind);
        Add(command, all, one => one.Item.Row.Properties.Controller);
        Add(command, all, one => one.Item.Row.Properties.Pod);
        Add(command, all, one => one.Item.Row.Properties.Container);
        Add(command, all, one => string.Join(',', one.Item.Row.Properties.Services));
        Add(command, all, one => one.Item.Labels);
        Add(command, all, one => one.Item.Annotations);
        Add(command, all, one => one.Last.UtcDateTime);
        var numbers = new Dictionary<string, long>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            numbers[Convert.ToHexString((byte[])reader[1])] = reader.GetInt64(0);
        return numbers;

        static void Add<T>(NpgsqlCommand command, List<(LedgerItem Item, DateTimeOffset Last)> all, Func<(LedgerItem Item, DateTimeOffset Last), T> value) =>
            command.Parameters.AddWithValue(all.Select(value).ToArray());
    }

    private static Task AddHoursAsync(NpgsqlConnection connection, LedgerBatch batch, Dictionary<string, long> items, CancellationToken ct) => LedgerTables.Hours.AddAsync(
        connection,
        batch.Hours.SelectMany(hour => hour.Workloads.Allocations.Values.Select(row => LedgerTables.HourRow(hour, row, items[Convert.ToHexString(LedgerItem.From(row, batch.ClusterUid).Digest)]))), ct);

    private static Task AddNamespacesAsync(NpgsqlConnection connection, LedgerBatch batch, CancellationToken ct) => LedgerTables.NamespaceDays.AddAsync(
        connection, batch.Hours.SelectMany(hour => hour.Workloads.Allocations.Values.Select(row => LedgerTables.NamespaceRow(hour, row, batch.ClusterUid))), ct);

    private static Task AddSharesAsync(NpgsqlConnection connection, LedgerBatch batch, Dictionary<string, long> items, CancellationToken ct) => LedgerTables.Shares.AddAsync(
        connection,
        batch.Hours.SelectMany(hour => hour.Workloads.Allocations.Values
            .Where(row => row.Volumes.Count + row.LoadBalancers.Count > 0)
            .SelectMany(row => LedgerTables.ShareRows(hour, row, items[Convert.ToHexString(LedgerItem.From(row, batch.ClusterUid).Digest)]))), ct);

    private static Task AddAssetsAsync(NpgsqlConnection connection, LedgerBatch batch, CancellationToken ct) =>
        LedgerTables.Assets.AddAsync(connection, batch.Hours.SelectMany(hour => LedgerTables.AssetRows(hour, batch.ClusterUid)), ct);

    private static Task AddCoverageAsync(NpgsqlConnection connection, LedgerBatch batch, CancellationToken ct) => LedgerTables.Coverage.AddAsync(
        connection, batch.Coverage.Select(coverage => new object?[] { coverage.Hour.UtcDateTime, batch.ClusterUid, coverage.SeenSeconds, coverage.InferredSeconds }), ct);
}
