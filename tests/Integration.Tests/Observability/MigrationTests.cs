using Fleet.Observability.History;
using Fleet.Rest.Databases;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Who makes the tables, on a real PostgreSQL.</summary>
public sealed class MigrationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Processes_that_begin_at_once_on_an_empty_database_do_not_fail_each_other_and_leave_no_lock()
    {
        var postgres = await PrivatePostgres.SharedAsync();
        for (var round = 0; round < 2; round++)
        {
            var database = await postgres.NewDatabaseAsync();
            var processes = Enumerable.Range(0, 6).Select(_ => new MigratedContexts<HistoryContext>(new Contexts(database))).ToList();
            await Task.WhenAll(processes.Select(process => Task.Run(
                async () =>
                {
                    await using var context = await process.OpenAsync(Cancel);
                    Assert.Empty(await context.Database.GetPendingMigrationsAsync(Cancel));
                }, Cancel)));
            await using var source = NpgsqlDataSource.Create(database);
            await using var locks = source.CreateCommand("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database() WHERE locktype = 'advisory'");
            Assert.Equal(0L, await locks.ExecuteScalarAsync(Cancel));
            processes.ForEach(process => process.Dispose());
        }
    }

    private sealed class Contexts(string connectionString) : IDbContextFactory<HistoryContext>
    {
        public HistoryContext CreateDbContext() => new(new DbContextOptionsBuilder<HistoryContext>().UseNpgsql(connectionString).Options);
    }
}
