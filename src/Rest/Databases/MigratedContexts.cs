using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Fleet.Rest.Databases;

/// <summary>Connections to a database whose tables are brought up to date before the first use, however late the database comes.</summary>
public sealed class MigratedContexts<TContext>(IDbContextFactory<TContext> contexts) : IDisposable where TContext : DbContext
{
    /// <summary>The migrations of a large database take long, and so does waiting for another process that makes them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim migrating = new(1);
    private volatile bool isMigrated;

    /// <summary>Throws what <see cref="DatabaseFailures.IsOne"/> knows when the database does not answer. Whoever asks disposes it.</summary>
    public async Task<TContext> OpenAsync(CancellationToken ct)
    {
        var context = await contexts.CreateDbContextAsync(ct);
        try
        {
            if (!isMigrated)
                await MigrateAsync(context, ct);
            return context;
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => migrating.Dispose();

    private async Task MigrateAsync(TContext context, CancellationToken ct)
    {
        await migrating.WaitAsync(ct);
        try
        {
            if (!isMigrated)
                await MigrateAloneAsync(context.Database, ct);
            isMigrated = true;
        }
        finally
        {
            migrating.Release();
        }
    }

    /// <summary>
    /// Two processes that make the first tables of an empty database at once fail each other. The lock is the connection's, which is held meanwhile, and given back before the connection goes to the
    /// pool, where it would be kept.
    /// </summary>
    private static async Task MigrateAloneAsync(DatabaseFacade database, CancellationToken ct)
    {
        await MakeAsync(database.GetService<IRelationalDatabaseCreator>(), ct);
        var timeout = database.GetCommandTimeout();
        database.SetCommandTimeout(Patience);
        await database.OpenConnectionAsync(ct);
        try
        {
            await database.ExecuteSqlRawAsync("SELECT pg_advisory_lock(7378413942531500545)", ct);
            try
            {
                await database.MigrateAsync(ct);
            }
            finally
            {
                if (database.GetDbConnection().State == ConnectionState.Open)
                    await database.ExecuteSqlRawAsync("SELECT pg_advisory_unlock(7378413942531500545)", CancellationToken.None);
            }
        }
        finally
        {
            await database.CloseConnectionAsync();
            database.SetCommandTimeout(timeout);
        }
    }

    /// <summary>There is nothing to hold a lock on before there is a database.</summary>
    private static async Task MakeAsync(IRelationalDatabaseCreator creator, CancellationToken ct)
    {
        if (await creator.ExistsAsync(ct))
            return;
        try
        {
            await creator.CreateAsync(ct);
        }
        catch (DbException e) when (e.SqlState is "42P04" or "23505")
        {
            // Another process has made it.
        }
    }
}

/// <summary>Failures of a database, which pass by themselves.</summary>
public static class DatabaseFailures
{
    /// <summary>EF wraps what the driver says of a lost connection into InvalidOperationException.</summary>
    public static bool IsOne(Exception error) => error is DbException or InvalidOperationException or TimeoutException or IOException;
}
