using Fleet.Observability.History;
using Fleet.Rest.Databases;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>Connections to the database of the ledger, whose tables are brought up to date first.</summary>
internal sealed class LedgerConnections(MigratedContexts<HistoryContext> contexts)
{
    public async Task<Opened> OpenAsync(CancellationToken ct)
    {
        var context = await contexts.OpenAsync(ct);
        try
        {
            await context.Database.OpenConnectionAsync(ct);
            return new(context, (NpgsqlConnection)context.Database.GetDbConnection());
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    /// <summary>An open connection; disposing gives it back.</summary>
    internal sealed record Opened(HistoryContext Context, NpgsqlConnection Value) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Context.DisposeAsync();
    }
}
