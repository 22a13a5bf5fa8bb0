using Fleet.Control.Grains;
using Fleet.Cost.Allocations;
using Fleet.Observability.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Days;

/// <summary>Costs of days, added up from the ledger's hours. They are kept longer than these.</summary>
internal sealed class DayStore(LedgerConnections connections) : IDaySums
{
    /// <summary>Of each day that the ledger has hours of, a word that changes whenever something is added to the day.</summary>
    public async Task<IReadOnlyDictionary<DateOnly, string>> LedgerAsync(CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        // Whole milliseconds: sums of fractions would depend on the order of rows.
        await using var command = new NpgsqlCommand(
            """
            SELECT c.*, b.bills
            FROM (SELECT (hour AT TIME ZONE 'UTC')::date AS day, count(*), sum((seen * 1000)::bigint), sum((inferred * 1000)::bigint) FROM cost_coverage GROUP BY 1) c
            LEFT JOIN (
                SELECT a.day, md5(string_agg(DISTINCT b.name || ' ' || b.imported_at::text, ' ' ORDER BY b.name || ' ' || b.imported_at::text)) AS bills
                FROM cost_adjustments a JOIN cost_bills b ON b.name = a.bill GROUP BY 1) b ON b.day = c.day
            """, opened.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var days = new Dictionary<DateOnly, string>();
        while (await reader.ReadAsync(ct))
            days[reader.GetFieldValue<DateOnly>(0)] = $"{reader.GetInt64(1)}-{reader.GetDecimal(2):0}-{reader.GetDecimal(3):0}{(reader.IsDBNull(4) ? "" : $"-{reader.GetString(4)}")}";
        return days;
    }

    /// <summary>From what each subject's day was made.</summary>
    /// <param name="subjects">Null for all.</param>
    public async Task<IReadOnlyDictionary<(string Subject, DateOnly Day), string>> StatesAsync(IReadOnlyCollection<string>? subjects, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT subject, day, state FROM cost_day_states WHERE $1::text[] IS NULL OR subject = ANY ($1)", opened.Value);
        command.Parameters.Add(Texts(subjects));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var states = new Dictionary<(string, DateOnly), string>();
        while (await reader.ReadAsync(ct))
            states[(reader.GetString(0), reader.GetFieldValue<DateOnly>(1))] = reader.GetString(2);
        return states;
    }

    /// <summary>The days that are added up by a subject.</summary>
    public async Task<IReadOnlyList<DateOnly>> KnownAsync(string subject, CancellationToken ct) => [.. (await StatesAsync([subject], ct)).Keys.Select(key => key.Day)];

    /// <summary>Takes the place of what was there of the day.</summary>
    /// <exception cref="GrainElsewhereException">Another process adds days up now.</exception>
    public async Task SaveAsync(GrainOwnership owner, DateOnly day, IReadOnlyList<DaySums> sums, DateTimeOffset now, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var transaction = await opened.BeginAsync(owner, ct);
        await using (var delete = new NpgsqlCommand("DELETE FROM cost_day_rows WHERE day = $1 AND subject = ANY ($2)", opened.Value))
        {
            delete.Parameters.AddWithValue(day);
            delete.Parameters.Add(Texts([.. sums.Select(sum => sum.Subject.Name)]));
            await delete.ExecuteNonQueryAsync(ct);
        }
        await using (var copy = await opened.Value.BeginBinaryImportAsync(
            "COPY cost_day_rows (subject, day, currency, cluster, name, direct, idle, overhead, compute, efficient, missing) FROM STDIN (FORMAT BINARY)", ct))
        {
            foreach (var sum in sums)
                foreach (var (currency, cost) in sum.Rows.Where(row => !row.Cost.IsNothing))
                {
                    await copy.StartRowAsync(ct);
                    await copy.WriteAsync(sum.Subject.Name, NpgsqlDbType.Text, ct);
                    await copy.WriteAsync(day, NpgsqlDbType.Date, ct);
                    foreach (var text in (string[])[currency, cost.Cluster, cost.Name])
                        await copy.WriteAsync(text, NpgsqlDbType.Text, ct);
                    foreach (var number in (double[])[cost.Direct, cost.Idle, cost.Overhead, cost.Compute, cost.Efficient])
                        await copy.WriteAsync(number, NpgsqlDbType.Double, ct);
                    await copy.WriteAsync((short)cost.Missing, NpgsqlDbType.Smallint, ct);
                }
            await copy.CompleteAsync(ct);
        }
        await using (var state = new NpgsqlCommand(
            """
            INSERT INTO cost_day_states (subject, day, state, rolled_at) SELECT subject, $1, state, $4 FROM unnest($2::text[], $3::text[]) AS new (subject, state)
            ON CONFLICT (subject, day) DO UPDATE SET state = EXCLUDED.state, rolled_at = EXCLUDED.rolled_at
            """, opened.Value))
        {
            state.Parameters.AddWithValue(day);
            state.Parameters.Add(Texts([.. sums.Select(sum => sum.Subject.Name)]));
            state.Parameters.Add(Texts([.. sums.Select(sum => sum.State)]));
            state.Parameters.AddWithValue(now.ToUniversalTime());
            await state.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DayRow>> ReadAsync(DayQuestion question, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            SELECT subject, CASE WHEN $5 THEN day ELSE $2 END AS of_day, currency, CASE WHEN $6 THEN cluster ELSE '' END AS of_cluster, CASE WHEN $7 THEN name ELSE '' END AS of_name,
                sum(direct), sum(idle), sum(overhead), sum(compute), sum(efficient), bit_or(missing)
            FROM cost_day_rows WHERE subject = ANY ($1) AND day >= $2 AND day < $3 AND ($4::text[] IS NULL OR cluster = ANY ($4))
            GROUP BY subject, of_day, currency, of_cluster, of_name
            """, opened.Value);
        command.Parameters.Add(Texts(question.Subjects));
        command.Parameters.AddWithValue(question.From);
        command.Parameters.AddWithValue(question.Until);
        command.Parameters.Add(Texts(question.Clusters));
        command.Parameters.AddWithValue(question.ByDay);
        command.Parameters.AddWithValue(question.ByCluster);
        command.Parameters.AddWithValue(question.ByName);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<DayRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new(reader.GetString(0), reader.GetFieldValue<DateOnly>(1), reader.GetString(2), new(reader.GetString(3), reader.GetString(4))
            {
                Direct = reader.GetDouble(5), Idle = reader.GetDouble(6), Overhead = reader.GetDouble(7), Compute = reader.GetDouble(8), Efficient = reader.GetDouble(9),
                Missing = (MissingPrice)reader.GetInt16(10),
            }));
        return rows;
    }

    /// <summary>Deletes what is older than it is kept, and scopes that nobody has wanted for a while.</summary>
    public async Task ForgetAsync(GrainOwnership owner, DateOnly before, IReadOnlyCollection<string> wanted, DateTimeOffset unwantedSince, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var transaction = await opened.BeginAsync(owner, ct);
        await using var command = new NpgsqlCommand(
            """
            WITH gone AS (DELETE FROM cost_day_states WHERE day < $1 OR subject IN (
                SELECT subject FROM cost_day_states WHERE subject <> ALL ($2) GROUP BY subject HAVING max(rolled_at) < $3) RETURNING subject, day)
            DELETE FROM cost_day_rows r USING gone WHERE r.subject = gone.subject AND r.day = gone.day
            """, opened.Value);
        command.Parameters.AddWithValue(before);
        command.Parameters.Add(Texts(wanted));
        command.Parameters.AddWithValue(unwantedSince.ToUniversalTime());
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static NpgsqlParameter Texts(IReadOnlyCollection<string>? texts) => new() { Value = texts?.ToArray() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
