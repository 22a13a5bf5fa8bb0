using System.Globalization;
using System.Text;
using Fleet.Contracts.Api;
using Fleet.Control.Audit;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Rest.Audit;

/// <summary>Adds rows to the end of the chain and gives up the oldest ones. Each step is one transaction that holds the head.</summary>
internal static class AuditChainWriter
{
    /// <summary>Of a name or a text; the longest that the API itself takes is far below it.</summary>
    private const int LongestText = 4000;

    private const int MostUnchained = 500;

    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<AuditEntry> entries, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (place, recorded) = await LockAsync(connection, ct);
        await AddAsync(connection, place, recorded, entries, clock, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Rows of a fleet from before there was a chain, in their order. A crash in between leaves the rest for the next time.</summary>
    public static async Task AddUnchainedAsync(NpgsqlConnection connection, TimeProvider clock, CancellationToken ct)
    {
        for (var left = MostUnchained; left == MostUnchained;)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var (place, recorded) = await LockAsync(connection, ct);
            if (await ScalarAsync(connection, "SELECT to_regclass('audit_unchained')::text", ct) is not string)
                return;
            var found = new List<AuditEntry>();
            await using (var command = new NpgsqlCommand($"SELECT {EntryColumns} FROM audit_unchained ORDER BY time, request_id LIMIT {MostUnchained}", connection))
            await using (var reader = await command.ExecuteReaderAsync(ct))
                while (await reader.ReadAsync(ct))
                    found.Add(Entry(reader));
            left = found.Count;
            await AddAsync(connection, place, recorded, found, clock, ct);
            await using (var command = new NpgsqlCommand(left < MostUnchained ? "DROP TABLE audit_unchained" : "DELETE FROM audit_unchained WHERE request_id = ANY($1)", connection))
            {
                if (left == MostUnchained)
                    command.Parameters.AddWithValue(found.Select(entry => entry.RequestId).ToArray());
                await command.ExecuteNonQueryAsync(ct);
            }

            await transaction.CommitAsync(ct);
        }
    }

    /// <summary>Drops the months that have ended before; the one with the head stays. What is kept of them is where the chain goes on.</summary>
    public static async Task<int> SealAsync(NpgsqlConnection connection, DateTimeOffset before, TimeProvider clock, CancellationToken ct)
    {
        var parts = new List<string>();
        await using (var command = new NpgsqlCommand("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit'::regclass ORDER BY 1", connection))
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                parts.Add(reader.GetString(0));
        var rows = 0;
        foreach (var part in parts.Where(part => EndOf(part) is { } end && end <= before))
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var (place, recorded) = await LockAsync(connection, ct);
            (long First, long Last, long Count)? span = null;
            await using (var command = new NpgsqlCommand($"SELECT min(sequence), max(sequence), count(*) FROM {part}", connection))
            await using (var reader = await command.ExecuteReaderAsync(ct))
                if (await reader.ReadAsync(ct) && !reader.IsDBNull(0))
                    span = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            if (span?.Last == place.Sequence)
                break;
            if (span is { } known)
            {
                var hash = (string)(await ScalarAsync(connection, $"SELECT hash FROM {part} WHERE sequence = {known.Last.ToString(CultureInfo.InvariantCulture)}", ct))!;
                await using (var seal = new NpgsqlCommand("INSERT INTO audit_seals (part, first_row, last_row, last_hash, dropped_at) VALUES ($1, $2, $3, $4, $5)", connection))
                {
                    foreach (var value in (object[])[part, known.First, known.Last, hash, clock.GetUtcNow().ToUniversalTime()])
                        seal.Parameters.AddWithValue(value);
                    await seal.ExecuteNonQueryAsync(ct);
                }

                await AddAsync(connection, place, recorded,
                    [new()
                    {
                        RequestId = Guid.CreateVersion7(clock.GetUtcNow()), Time = clock.GetUtcNow(), User = "fleet", Verb = "delete", Resource = "audits", Outcome = AuditOutcome.Succeeded,
                        Detail = $"rows {known.First} to {known.Last} are older than they are kept; the last one's hash was {hash}",
                    }], clock, ct);
                rows += (int)known.Count;
            }

            await using (var drop = new NpgsqlCommand($"DROP TABLE {part}", connection))
                await drop.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
        }

        return rows;
    }

    internal const string EntryColumns =
        "request_id, time, user_name, user_uid, user_groups, source, verb, resource, namespace, name, dry_run, before_hash, after_hash, outcome, status, detail";

    /// <summary>From <see cref="EntryColumns"/>.</summary>
    internal static AuditEntry Entry(NpgsqlDataReader reader, int at = 0)
    {
        string? Text(int column) => reader.IsDBNull(at + column) ? null : reader.GetString(at + column);
        return new()
        {
            RequestId = reader.GetGuid(at), Time = reader.GetFieldValue<DateTimeOffset>(at + 1), User = reader.GetString(at + 2), Uid = Text(3), Groups = reader.GetFieldValue<string[]>(at + 4), From = Text(5),
            Verb = reader.GetString(at + 6), Resource = reader.GetString(at + 7), Namespace = Text(8), Name = Text(9), DryRun = reader.GetBoolean(at + 10), Before = Text(11), After = Text(12),
            Outcome = Enum.Parse<AuditOutcome>(reader.GetString(at + 13)), Status = reader.IsDBNull(at + 14) ? null : reader.GetInt32(at + 14), Detail = Text(15),
        };
    }

    private static async Task<(AuditPlace Place, DateTimeOffset Recorded)> LockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT sequence, hash, CASE WHEN isfinite(recorded) THEN recorded ELSE '2000-01-01Z' END FROM audit_head FOR UPDATE", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            throw new InvalidOperationException("the audit has no head");
        return (new(reader.GetInt64(0), reader.GetString(1)), reader.GetFieldValue<DateTimeOffset>(2));
    }

    private static async Task AddAsync(NpgsqlConnection connection, AuditPlace place, DateTimeOffset recorded, IReadOnlyList<AuditEntry> entries, TimeProvider clock, CancellationToken ct)
    {
        var known = await KnownAsync(connection, entries, ct);
        var now = AuditChain.Kept(clock.GetUtcNow());
        // Clocks of several processes differ, and months must not.
        recorded = now > recorded ? now : recorded;
        await EnsurePartAsync(connection, recorded, ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var entry in entries)
        {
            // The end of a call follows its beginning, never the other way round, and each is there once.
            if (known.TryGetValue(entry.RequestId, out var isEnded) && (isEnded || entry.Outcome == AuditOutcome.Started))
                continue;
            known[entry.RequestId] = entry.Outcome != AuditOutcome.Started;
            var record = new AuditRecord { Sequence = place.Sequence + 1, Recorded = recorded, Call = Clean(entry.View()), Previous = place.Hash, Hash = "" };
            record = record with { Hash = AuditChain.HashOf(record) };
            place = new(record.Sequence, record.Hash);
            batch.BatchCommands.Add(Insert(record));
        }

        if (batch.BatchCommands.Count == 0)
            return;
        var head = new NpgsqlBatchCommand("UPDATE audit_head SET sequence = $1, hash = $2, recorded = $3");
        foreach (var value in (object[])[place.Sequence, place.Hash, recorded])
            head.Parameters.AddWithValue(value);
        batch.BatchCommands.Add(head);
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Of each call that is there, whether its end is.</summary>
    private static async Task<Dictionary<Guid, bool>> KnownAsync(NpgsqlConnection connection, IReadOnlyList<AuditEntry> entries, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT request_id, bool_or(outcome <> 'Started') FROM audit WHERE request_id = ANY($1) GROUP BY request_id", connection);
        command.Parameters.AddWithValue(entries.Select(entry => entry.RequestId).Distinct().ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var known = new Dictionary<Guid, bool>();
        while (await reader.ReadAsync(ct))
            known[reader.GetGuid(0)] = reader.GetBoolean(1);
        return known;
    }

    private static NpgsqlBatchCommand Insert(AuditRecord record)
    {
        var call = record.Call;
        var insert = new NpgsqlBatchCommand(
            $"INSERT INTO audit (sequence, recorded, previous_hash, hash, {EntryColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)");
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = record.Sequence }, new() { Value = record.Recorded }, Text(record.Previous), Text(record.Hash), new() { Value = call.RequestId }, new() { Value = call.Time }, Text(call.User),
            Text(call.Uid), new() { Value = call.Groups.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }, Text(call.From), Text(call.Verb), Text(call.Resource), Text(call.Namespace), Text(call.Name),
            new() { Value = call.DryRun }, Text(call.Before), Text(call.After), Text(call.Outcome), new() { Value = (object?)call.Status ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer }, Text(call.Detail),
        });
        return insert;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static async Task EnsurePartAsync(NpgsqlConnection connection, DateTimeOffset recorded, CancellationToken ct)
    {
        var month = new DateTime(recorded.UtcDateTime.Year, recorded.UtcDateTime.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        var name = month.ToString("'audit_'yyyy'_'MM", CultureInfo.InvariantCulture);
        if (await ScalarAsync(connection, $"SELECT to_regclass('{name}')::text", ct) is string)
            return;
        var (from, to) = (month.ToString("yyyy-MM-dd'Z'", CultureInfo.InvariantCulture), month.AddMonths(1).ToString("yyyy-MM-dd'Z'", CultureInfo.InvariantCulture));
        await using var command = new NpgsqlCommand(
            $"""
            CREATE TABLE {name} PARTITION OF audit FOR VALUES FROM ('{from}') TO ('{to}');
            CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
            """, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static DateTimeOffset? EndOf(string part) =>
        DateTime.TryParseExact(part, "'audit_'yyyy'_'MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? new DateTimeOffset(month.AddMonths(1), TimeSpan.Zero) : null;

    /// <summary>As the database can keep it: callers choose names and texts, and one that it refuses would hold up all that wait behind it.</summary>
    private static AuditView Clean(AuditView call) => call with
    {
        Time = AuditChain.Kept(call.Time), User = Clean(call.User)!, Uid = Clean(call.Uid), Groups = [.. call.Groups.Select(group => Clean(group)!)], From = Clean(call.From), Verb = Clean(call.Verb)!,
        Resource = Clean(call.Resource)!, Namespace = Clean(call.Namespace), Name = Clean(call.Name), Detail = Clean(call.Detail),
    };

    private static string? Clean(string? text)
    {
        if (text is null)
            return null;
        var clean = new StringBuilder(Math.Min(text.Length, LongestText));
        // Runes, so that halves of surrogates become the sign for what cannot be read, as a zero does.
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= LongestText)
                break;
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return clean.ToString();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }
}
