using Fleet.Control.Grains;
using Fleet.Observability.History;
using Fleet.Rest.Databases;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>Connections to the database of the ledger, whose tables are brought up to date first.</summary>
internal sealed class LedgerConnections(MigratedContexts<HistoryContext> contexts)
{
    /// <summary>Refuses what an owner of this service writes that has a successor.</summary>
    public static OwnerEpochs Epochs { get; } = new("observability");

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
        /// <inheritdoc cref="BeginAsync(IReadOnlyCollection{GrainOwnership}, CancellationToken)"/>
        public Task<NpgsqlTransaction> BeginAsync(GrainOwnership owner, CancellationToken ct) => BeginAsync([owner], ct);

        /// <summary>Begins what owners write: nothing of it is kept once one of them has a successor.</summary>
        /// <exception cref="GrainElsewhereException">One has.</exception>
        public async Task<NpgsqlTransaction> BeginAsync(IReadOnlyCollection<GrainOwnership> owners, CancellationToken ct)
        {
            var transaction = await Value.BeginTransactionAsync(ct);
            try
            {
                await Epochs.RaiseAsync(Value, owners, ct);
                return transaction;
            }
            catch
            {
                await transaction.DisposeAsync();
                throw;
            }
        }

        public ValueTask DisposeAsync() => Context.DisposeAsync();
    }
}
