using Fleet.Control.Grains;
using Fleet.Observability.Partitions;
using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>Hours in a table for each day, their roll-ups, which are small and kept for long, in one for each month.</summary>
internal sealed class LedgerPartitions
{
    private readonly TimePartitions hours = new(PartitionLength.Day, "cost_hours", "cost_shares", "cost_assets", "cost_coverage");
    private readonly TimePartitions days = new(PartitionLength.Month, "cost_days", "cost_share_days", "cost_asset_days", "cost_namespace_days");

    public async Task MakeAsync(NpgsqlConnection connection, IReadOnlyCollection<DateTimeOffset> times, CancellationToken ct)
    {
        await hours.MakeAsync(connection, times, ct);
        await days.MakeAsync(connection, times, ct);
    }

    /// <summary>Drops hours before a day; their roll-ups stay. Returns the tables that went.</summary>
    public async Task<IReadOnlyList<string>> ForgetHoursAsync(LedgerConnections.Opened opened, GrainOwnership owner, DateOnly before, CancellationToken ct)
    {
        // Said first: nobody may take hours that have gone for hours without costs.
        await using (var transaction = await opened.BeginAsync(owner, ct))
        await using (var command = new NpgsqlCommand(
            "INSERT INTO cost_kept (what, since) VALUES ('hours', $1) ON CONFLICT (what) DO UPDATE SET since = GREATEST(cost_kept.since, EXCLUDED.since)", opened.Value))
        {
            command.Parameters.AddWithValue(StartOf(before));
            await command.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
        }
        return await hours.ForgetAsync(opened.Value, owner, before, ct);
    }

    /// <summary>Drops months of which every day is before a day, and what nothing refers to any more. Returns the tables that went.</summary>
    public async Task<IReadOnlyList<string>> ForgetDaysAsync(LedgerConnections.Opened opened, GrainOwnership owner, DateOnly before, CancellationToken ct)
    {
        var gone = await days.ForgetAsync(opened.Value, owner, before, ct);
        if (gone.Count > 0)
        {
            await using var transaction = await opened.BeginAsync(owner, ct);
            await using var items = new NpgsqlCommand("DELETE FROM cost_items WHERE last_hour < $1", opened.Value);
            // Their month may still be there.
            items.Parameters.AddWithValue(StartOf(new(before.Year, before.Month, 1)));
            await items.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
        }
        return gone;
    }

    private static DateTime StartOf(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
