using Fleet.Cost.Focus.Bills;
using Fleet.Observability.Ledger;
using Npgsql;

namespace Fleet.Observability.Focus.Bills;

/// <summary>Imported bills. Only what they make of list prices is kept, so that taking one back is forgetting it.</summary>
internal sealed class BillStore(LedgerConnections connections)
{
    /// <summary>In the place of the bill of this name, if there is one.</summary>
    /// <returns>Null, or the name of another bill that tells of the same costs already: then nothing has changed.</returns>
    public async Task<string?> SaveAsync(ImportedBill bill, IReadOnlyList<BillAdjustment> adjustments, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var transaction = await opened.Value.BeginTransactionAsync(ct);
        // Two imports at once would each miss what the other adds.
        await RunAsync(opened.Value, "LOCK TABLE cost_bills IN SHARE ROW EXCLUSIVE MODE", ct);
        await RunAsync(opened.Value, "DELETE FROM cost_bills WHERE name = $1", ct, bill.Name);
        object[] columns =
        [
            adjustments.Select(one => one.Day).ToArray(), adjustments.Select(one => one.Cluster).ToArray(), adjustments.Select(one => (short)one.Part).ToArray(), bill.Currency,
        ];
        await using (var others = new NpgsqlCommand(
            "SELECT a.bill FROM unnest($1, $2, $3) AS n (day, cluster, part) JOIN cost_adjustments a ON a.day = n.day AND a.cluster = n.cluster AND a.part = n.part AND a.currency = $4 ORDER BY 1 LIMIT 1",
            opened.Value))
        {
            foreach (var value in columns)
                others.Parameters.Add(new() { Value = value });
            if (await others.ExecuteScalarAsync(ct) is string other)
                return other;
        }
        await RunAsync(
            opened.Value,
            """
            INSERT INTO cost_bills (name, currency, window_start, window_end, imported_at, imported_by, lines, list_cost, effective_cost, adjustment, unmatched, unapplied)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """, ct, bill.Name, bill.Currency, bill.Start.ToUniversalTime(), bill.End.ToUniversalTime(), bill.ImportedAt.ToUniversalTime(), bill.ImportedBy, bill.Rows, bill.ListCost, bill.EffectiveCost,
            bill.Adjustment, bill.Unmatched, bill.Unapplied);
        await RunAsync(
            opened.Value, "INSERT INTO cost_adjustments (day, cluster, part, currency, bill, list_cost, amount) SELECT n.day, n.cluster, n.part, $4, $5, n.list, n.amount FROM unnest($1, $2, $3, $6, $7) AS n (day, cluster, part, list, amount)",
            ct, [.. columns, bill.Name, adjustments.Select(one => one.ListCost).ToArray(), adjustments.Select(one => one.Amount).ToArray()]);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>False when there is none of this name.</summary>
    public async Task<bool> RemoveAsync(string name, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        return await RunAsync(opened.Value, "DELETE FROM cost_bills WHERE name = $1", ct, name) > 0;
    }

    public async Task<IReadOnlyList<ImportedBill>> ListAsync(CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            "SELECT name, currency, window_start, window_end, imported_at, imported_by, lines, list_cost, effective_cost, adjustment, unmatched, unapplied FROM cost_bills ORDER BY window_start DESC, name", opened.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var bills = new List<ImportedBill>();
        while (await reader.ReadAsync(ct))
            bills.Add(new(
                reader.GetString(0), reader.GetString(1), Time(2), Time(3), Time(4), reader.GetString(5), reader.GetInt64(6), reader.GetDouble(7), reader.GetDouble(8), reader.GetDouble(9),
                reader.GetDouble(10), reader.GetDouble(11)));
        return bills;

        DateTimeOffset Time(int at) => new(reader.GetDateTime(at), TimeSpan.Zero);
    }

    private static async Task<int> RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(ct);
    }
}
