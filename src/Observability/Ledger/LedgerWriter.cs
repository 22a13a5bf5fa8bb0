using System.Text.Json;
using Fleet.Cost.Allocations;
using Fleet.Cost.Pricing;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Ledger;

/// <summary>
/// Adds hours to the ledger, in bulk. A cluster's rows and the moment up to which they reach are written in one transaction: what is sent again, by this process or by one
/// that took its place, is not added again, and what comes from a process that has lost the cluster is refused. Clusters that come at the same time share one.
/// </summary>
internal sealed class LedgerWriter(LedgerConnections connections, LedgerPartitions partitions) : IDisposable
{
    private readonly LedgerTurns<LedgerBatch> turns = new(
        (batches, ct) => AddAsync(batches, connections, partitions, ct), batch => batch.Hours.Sum(hour => hour.Workloads.Allocations.Count));

    /// <summary>Up to when a cluster's costs are there; null when there are none.</summary>
    public async Task<DateTimeOffset?> SeenUntilAsync(string clusterUid, CancellationToken ct)
    {
        await using var connection = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT seen_until FROM cost_clusters WHERE cluster_uid = $1", connection.Value);
        command.Parameters.AddWithValue(clusterUid);
        return await command.ExecuteScalarAsync(ct) is DateTime known ? new(known, TimeSpan.Zero) : null;
    }

    /// <summary>All or nothing of it. False when the ledger was that far already, so that nothing is to be added.</summary>
    /// <exception cref="Fleet.Control.Grains.GrainElsewhereException">Another process has written for the cluster since its owner got it.</exception>
    public Task<bool> AddAsync(LedgerBatch batch, CancellationToken ct) => turns.WriteAsync(batch, ct);

    public void Dispose() => turns.Dispose();

    private static async Task<IReadOnlyList<bool>> AddAsync(IReadOnlyList<LedgerBatch> batches, LedgerConnections connections, LedgerPartitions partitions, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        var connection = opened.Value;
        await partitions.MakeAsync(connection, [.. batches.SelectMany(batch => batch.Coverage).Select(coverage => coverage.Hour)], ct);
        await using var transaction = await opened.BeginAsync([.. batches.Select(batch => batch.Owner)], ct);
        var moved = await MoveAsync(connection, batches, ct);
        var added = batches.Where((_, at) => moved[at]).ToList();
        if (added.Count == 0)
            return moved;
        var rows = RowsOf(added);
        await AddAsync(connection, added, rows, await LedgerItems.NumbersAsync(connection, [.. rows.Select(row => (row.Item, row.Hour.Assets.Window.Start))], ct), ct);
        await transaction.CommitAsync(ct);
        return moved;
    }

    private static List<LedgerRow> RowsOf(IReadOnlyList<LedgerBatch> batches)
    {
        var written = new Dictionary<IReadOnlyDictionary<string, string>, string>(ReferenceEqualityComparer.Instance);
        return [.. batches.SelectMany(batch => batch.Hours.SelectMany(hour => hour.Workloads.Allocations.Values.Select(row => new LedgerRow(hour, row, LedgerItem.From(row, batch.ClusterUid, written)))))];
    }

    private static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<LedgerBatch> batches, List<LedgerRow> rows, Dictionary<string, long> items, CancellationToken ct)
    {
        await using var command = new NpgsqlBatch(connection);
        Add(LedgerTables.Hours, [.. rows.Select(row => LedgerTables.HourRow(row.Hour, row.Of, items[row.Item.Key]))], LedgerTables.Days);
        Add(LedgerTables.NamespaceDays, [.. rows.Select(row => LedgerTables.NamespaceRow(row.Hour, row.Of, row.Item.ClusterUid))]);
        Add(LedgerTables.Shares, [.. rows.SelectMany(row => LedgerTables.ShareRows(row.Hour, row.Of, items[row.Item.Key]))], LedgerTables.ShareDays);
        Add(LedgerTables.Assets, [.. batches.SelectMany(batch => batch.Hours.SelectMany(hour => LedgerTables.AssetRows(hour, batch.ClusterUid)))], LedgerTables.AssetDays);
        Add(LedgerTables.Coverage, [.. batches.SelectMany(batch => batch.Coverage.Select(coverage => new object?[] { coverage.Hour.UtcDateTime, batch.ClusterUid, coverage.SeenSeconds, coverage.InferredSeconds }))]);
        if (command.BatchCommands.Count == 0)
            return;
        // Planned once for a connection: these are long, and the same each time.
        await command.PrepareAsync(ct);
        await command.ExecuteNonQueryAsync(ct);

        void Add(LedgerTable table, IReadOnlyList<object?[]> values, LedgerTable? roll = null)
        {
            if (values.Count > 0)
                command.BatchCommands.Add(table.Add(values, roll));
        }
    }

    /// <summary>For each whether it is not there already. In one order in all processes, so that those that write the same clusters wait for each other and do not block each other.</summary>
    private static async Task<bool[]> MoveAsync(NpgsqlConnection connection, IReadOnlyList<LedgerBatch> batches, CancellationToken ct)
    {
        await using var command = new NpgsqlBatch(connection);
        var moves = new List<(int At, NpgsqlBatchCommand Move)>();
        foreach (var (batch, at) in batches.Select((batch, at) => (batch, at)).OrderBy(pair => pair.batch.ClusterUid, StringComparer.Ordinal))
        {
            if (batch.BackfillUntil is { } until)
                command.BatchCommands.Add(Command(
                    """
                    INSERT INTO cost_clusters (cluster_uid, cluster, seen_until, problems, simulated) VALUES ($1, $2, $3, '{}', $4)
                    ON CONFLICT (cluster_uid) DO UPDATE SET simulated = cost_clusters.simulated OR EXCLUDED.simulated
                    """, batch.ClusterUid, batch.Cluster, until.ToUniversalTime(), batch.IsSimulated));
            var move = batch.BackfillUntil is null
                ? Moving(batch)
                : Command("UPDATE cost_backfills SET done_until = $2 WHERE cluster_uid = $1 AND done_until < $2 AND until >= $2", batch.ClusterUid, batch.Until.ToUniversalTime());
            command.BatchCommands.Add(move);
            moves.Add((at, move));
        }
        await command.ExecuteNonQueryAsync(ct);
        var moved = new bool[batches.Count];
        foreach (var (at, move) in moves)
            moved[at] = move.RecordsAffected == 1;
        return moved;
    }

    private static NpgsqlBatchCommand Moving(LedgerBatch batch)
    {
        var command = Command(
            """
            INSERT INTO cost_clusters (cluster_uid, cluster, seen_until, problems, simulated, balance) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (cluster_uid) DO UPDATE SET cluster = EXCLUDED.cluster, seen_until = EXCLUDED.seen_until, problems = EXCLUDED.problems,
                simulated = cost_clusters.simulated OR EXCLUDED.simulated, balance = COALESCE(EXCLUDED.balance, cost_clusters.balance)
            WHERE cost_clusters.seen_until < EXCLUDED.seen_until
            """, batch.ClusterUid, batch.Cluster, batch.Until.ToUniversalTime(), batch.Problems.ToArray(), batch.IsSimulated);
        command.Parameters.Add(new() { Value = LedgerBalance.Of(batch) is { } balance ? JsonSerializer.Serialize(balance) : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb });
        return command;
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    /// <summary>A row of an hour, and what it is of.</summary>
    private sealed record LedgerRow(PricedCluster Hour, Allocation Of, LedgerItem Item);

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
}
