using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Rest.Databases;

/// <summary>Connections to a database whose tables are brought up to date before the first use, however late the database comes.</summary>
public sealed class MigratedContexts<TContext>(IDbContextFactory<TContext> contexts) : IDisposable where TContext : DbContext
{
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
                await context.Database.MigrateAsync(ct);
            isMigrated = true;
        }
        finally
        {
            migrating.Release();
        }
    }
}

/// <summary>Failures of a database, which pass by themselves.</summary>
public static class DatabaseFailures
{
    /// <summary>EF wraps what the driver says of a lost connection into InvalidOperationException.</summary>
    public static bool IsOne(Exception error) => error is DbException or InvalidOperationException or TimeoutException or IOException;
}
