using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>Tables of one day each, made before the first row and dropped as a whole.</summary>
internal sealed class LedgerPartitions
{
    /// <summary>One at a time in all processes: two that make the same table at once fail each other.</summary>
    private const long LockKey = 0x666c656574_01;

    private const string DayFormat = "yyyyMMdd";

    public static IReadOnlyList<string> Tables { get; } = ["cost_hours", "cost_shares", "cost_assets", "cost_coverage"];

    private readonly ConcurrentDictionary<DateOnly, bool> made = new();

    public async Task MakeAsync(NpgsqlConnection connection, IEnumerable<DateTimeOffset> hours, CancellationToken ct)
    {
        foreach (var day in hours.Select(hour => DateOnly.FromDateTime(hour.UtcDateTime)).Distinct().Where(day => !made.ContainsKey(day)).ToList())
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({LockKey})"), ct);
            foreach (var table in Tables)
                await RunAsync(connection, string.Create(CultureInfo.InvariantCulture,
                    $"CREATE TABLE IF NOT EXISTS {NameOf(table, day)} PARTITION OF {table} FOR VALUES FROM ('{day:yyyy-MM-dd} 00:00+00') TO ('{day.AddDays(1):yyyy-MM-dd} 00:00+00')"), ct);
            await transaction.CommitAsync(ct);
            made[day] = true;
        }
    }

    /// <summary>Drops the days before one, and what nothing refers to any more; returns how many days.</summary>
    public async Task<int> ForgetAsync(NpgsqlConnection connection, DateOnly before, CancellationToken ct)
    {
        var days = new List<DateOnly>();
        await using (var command = new NpgsqlCommand("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'cost_hours'::regclass", connection))
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                if (DateOnly.TryParseExact(reader.GetString(0).AsSpan("cost_hours_".Length), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < before)
                    days.Add(day);
        foreach (var day in days)
        {
            foreach (var table in Tables)
                await RunAsync(connection, $"DROP TABLE IF EXISTS {NameOf(table, day)}", ct);
            made.TryRemove(day, out _);
        }
        if (days.Count > 0)
        {
            await using var items = new NpgsqlCommand("DELETE FROM cost_items WHERE last_hour < $1", connection);
            items.Parameters.AddWithValue(new DateTimeOffset(before, TimeOnly.MinValue, TimeSpan.Zero));
            await items.ExecuteNonQueryAsync(ct);
        }
        return days.Count;
    }

    private static string NameOf(string table, DateOnly day) => $"{table}_{day.ToString(DayFormat, CultureInfo.InvariantCulture)}";

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
