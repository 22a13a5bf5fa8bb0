using System.Data;
using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>
/// One moment of the ledger, on several connections: rows and assets that do not belong together would not add up, and one after the other they take as long as all together. Transactions that see
/// the same end with it, and have changed nothing.
/// </summary>
internal sealed class LedgerMoment : IAsyncDisposable
{
    private readonly List<LedgerConnections.Opened> opened = [];
    private readonly List<NpgsqlTransaction> transactions = [];
    private SemaphoreSlim? place;

    /// <summary>Where the first question is asked; the others take the next ones, or this one again when there are no more.</summary>
    public NpgsqlConnection At(int question) => opened[Math.Min(question, opened.Count - 1)].Value;

    /// <summary>Whether questions can be asked at the same time.</summary>
    public bool IsWide => opened.Count > 1;

    /// <param name="questions">So many connections, where there is a place; else one.</param>
    /// <param name="places">Whoever holds a connection and waits for others may wait for those who do the same: only so many may, and nobody waits for a place.</param>
    public static async Task<LedgerMoment> OpenAsync(LedgerConnections connections, int questions, SemaphoreSlim places, CancellationToken ct)
    {
        var moment = new LedgerMoment();
        try
        {
            await moment.AddAsync(connections, null, ct);
            if (questions > 1 && await places.WaitAsync(TimeSpan.Zero, ct))
            {
                moment.place = places;
                await using var export = new NpgsqlCommand("SELECT pg_export_snapshot()", moment.At(0));
                var snapshot = (string)(await export.ExecuteScalarAsync(ct))!;
                for (var more = 1; more < questions; more++)
                    await moment.AddAsync(connections, snapshot, ct);
            }
            return moment;
        }
        catch
        {
            await moment.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var transaction in transactions)
            await transaction.DisposeAsync();
        foreach (var connection in opened)
            await connection.DisposeAsync();
        place?.Release();
        place = null;
    }

    private async Task AddAsync(LedgerConnections connections, string? snapshot, CancellationToken ct)
    {
        opened.Add(await connections.OpenAsync(ct));
        var connection = opened[^1].Value;
        transactions.Add(await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct));
        // Compiling costs more than it brings, and sums of many items are to stay in memory. A snapshot's name is PostgreSQL's own: letters, digits and hyphens.
        await using var settings = new NpgsqlCommand($"{(snapshot is null ? "" : $"SET TRANSACTION SNAPSHOT '{snapshot}'; ")}SET LOCAL jit = off; SET LOCAL work_mem = '64MB'", connection);
        await settings.ExecuteNonQueryAsync(ct);
    }
}
