using Fleet.Cost.Allocations;
using Fleet.Cost.Focus.Bills;
using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>What imported bills make of list prices, as the ledger's readers need it.</summary>
internal static class LedgerBills
{
    /// <summary>By currency; empty while no bill was imported.</summary>
    public static async Task<ILookup<string, BillAdjustment>> ReadAsync(NpgsqlConnection connection, QueryWindow window, IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT currency, day, cluster, part, list_cost, amount FROM cost_adjustments WHERE day >= $1 AND day <= $2 AND ($3::text[] IS NULL OR cluster = ANY ($3))", connection);
        command.Parameters.AddWithValue(DateOnly.FromDateTime(window.Start.UtcDateTime));
        command.Parameters.AddWithValue(DateOnly.FromDateTime(window.End.UtcDateTime));
        command.Parameters.Add(new() { Value = clusters?.ToArray() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<(string Currency, BillAdjustment Adjustment)>();
        while (await reader.ReadAsync(ct))
            found.Add((reader.GetString(0), new(reader.GetFieldValue<DateOnly>(1), reader.GetString(2), (AdjustedPart)reader.GetInt16(3), reader.GetDouble(4), reader.GetDouble(5))));
        return found.ToLookup(one => one.Currency, one => one.Adjustment);
    }
}
