using Fleet.Observability.History;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Fleet.Integration.Tests.Upgrades;

/// <summary>The history as each older version left it, with rows, and the newest version that opens it. There is no released version yet; from the first one on, its tables stay in this list.</summary>
public sealed class DatabaseUpgradeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_older_state_comes_to_the_newest_with_its_rows()
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        List<string> all;
        await using (var any = Open(postgres.ConnectionString))
            all = [.. any.Database.GetMigrations()];
        Assert.True(all.Count > 4);
        Assert.Equal(all.Order(StringComparer.Ordinal), all);
        foreach (var older in all.SkipLast(1))
        {
            var connection = await postgres.NewDatabaseAsync();
            var uid = Guid.NewGuid();
            await using (var context = Open(connection))
            {
                await LeaveAtAsync(context, older);
                context.Events.Add(new()
                {
                    Uid = uid, Namespace = "team", Kind = "ClusterDeployment", Name = "web", Type = "Normal", Reason = older, Message = "as it was", Count = 3, FirstSeen = Noon, LastSeen = Noon.AddMinutes(1),
                });
                await context.SaveChangesAsync(Cancel);
            }

            await using var newest = Open(connection);
            await newest.Database.MigrateAsync(Cancel);
            Assert.Empty(await newest.Database.GetPendingMigrationsAsync(Cancel));
            var row = await newest.Events.SingleAsync(Cancel);
            Assert.Equal((uid, older, 3, Noon), (row.Uid, row.Reason, row.Count, row.FirstSeen));
        }
    }

    /// <summary>The steps up to this one, each as it is written, and noted as done. (EF's own way to a certain step wants names that begin with a time.)</summary>
    private static async Task LeaveAtAsync(HistoryContext context, string older)
    {
        var (steps, history) = (context.GetService<IMigrationsAssembly>(), context.GetService<IHistoryRepository>());
        await context.Database.OpenConnectionAsync(Cancel);
        await RunAsync(history.GetCreateIfNotExistsScript());
        foreach (var (name, type) in steps.Migrations.Where(step => string.CompareOrdinal(step.Key, older) <= 0))
        {
            foreach (var operation in steps.CreateMigration(type, context.Database.ProviderName!).UpOperations)
                await RunAsync(Assert.IsType<SqlOperation>(operation).Sql);
            await RunAsync(history.GetInsertScript(new HistoryRow(name, "10.0.0")));
        }

        async Task RunAsync(string sql)
        {
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }

    private static HistoryContext Open(string connection) => new(new DbContextOptionsBuilder<HistoryContext>().UseNpgsql(connection).Options);
}
