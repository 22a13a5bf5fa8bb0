using Fleet.Control;
using Fleet.Control.Grains;
using Fleet.Cost.Prices;
using Fleet.Observability.Hours;
using Fleet.Observability.History;
using Fleet.Observability.Ledger;
using Fleet.Observability.Pricing;
using Fleet.Rest.Databases;
using Fleet.Testing.Grains;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Owners that take each other's place, on a real PostgreSQL: what it takes of whom.</summary>
public sealed class OwnerEpochTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 1, 22, 0, 0, TimeSpan.Zero);

    private readonly LedgerPartitions partitions = new();
    private LedgerConnections connections = null!;
    private string database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync();
        connections = new(new(new Contexts(database)));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Hours_of_an_old_owner_are_refused_and_nothing_of_them_is_written()
    {
        using var writer = new LedgerWriter(connections, partitions);
        Assert.True(await writer.AddAsync(Hour("one", 0, epoch: 5), Cancel));
        Assert.True(await writer.AddAsync(Hour("one", 1, epoch: 6), Cancel));
        var before = await ContentAsync();

        var refused = await Assert.ThrowsAsync<GrainElsewhereException>(() => writer.AddAsync(Hour("one", 2, epoch: 5), Cancel));
        Assert.Equal("collection:team/one", refused.Grain.ToString());
        Assert.Equal(before, await ContentAsync());

        Assert.True(await writer.AddAsync(Hour("one", 2, epoch: 6), Cancel));
        Assert.NotEqual(before, await ContentAsync());
    }

    [Fact]
    public async Task Of_clusters_that_are_written_together_only_that_of_the_old_owner_is_refused()
    {
        await using (var opened = await connections.OpenAsync(Cancel))
        await using (var transaction = await opened.BeginAsync(KnownOwner.OfCosts("team", "moved", 9), Cancel))
            await transaction.CommitAsync(Cancel);
        using var writer = new LedgerWriter(connections, partitions);
        // Many at once, of which some share a transaction.
        var writes = Enumerable.Range(0, 40).Select(at => at == 20 ? "moved" : $"stays-{at}").Select(name => (name, Write: writer.AddAsync(Hour(name, 0, epoch: 8), Cancel))).ToList();
        foreach (var (name, write) in writes)
            if (name == "moved")
                await Assert.ThrowsAsync<GrainElsewhereException>(() => write);
            else
                Assert.True(await write);
        Assert.Null(await writer.SeenUntilAsync("uid-moved", Cancel));
    }

    [Fact]
    public async Task The_next_owner_waits_for_the_commit_of_the_one_before_which_then_begins_nothing_any_more()
    {
        await using var old = await connections.OpenAsync(Cancel);
        await using var next = await connections.OpenAsync(Cancel);
        var transaction = await old.BeginAsync(Owner(1), Cancel);
        await KeepAsync(old, "old");
        var taking = next.BeginAsync(Owner(2), Cancel);
        await WaitForLockAsync();
        Assert.False(taking.IsCompleted);

        await transaction.CommitAsync(Cancel);
        await using (var taken = await taking)
        {
            Assert.Equal("old", await KeptAsync(next));
            await KeepAsync(next, "next");
            await taken.CommitAsync(Cancel);
        }
        await transaction.DisposeAsync();
        await Assert.ThrowsAsync<GrainElsewhereException>(() => old.BeginAsync(Owner(1), Cancel));
        Assert.Equal("next", await KeptAsync(old));
    }

    [Fact]
    public async Task One_that_was_frozen_in_the_middle_of_a_transaction_holds_up_the_next_for_seconds_only_and_writes_nothing()
    {
        await using var frozen = await connections.OpenAsync(Cancel);
        await using var next = await connections.OpenAsync(Cancel);
        var transaction = await frozen.BeginAsync(Owner(1), Cancel);
        await KeepAsync(frozen, "frozen");

        await using (var taken = await next.BeginAsync(Owner(2), Cancel))
        {
            Assert.Null(await KeptAsync(next));
            await taken.CommitAsync(Cancel);
        }
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync(Cancel));
        Assert.Null(await KeptAsync(next));
    }

    [Fact]
    public async Task Services_that_share_a_database_do_not_fence_each_other()
    {
        await using var opened = await connections.OpenAsync(Cancel);
        await using var transaction = await opened.BeginAsync(Owner(7), Cancel);
        await new OwnerEpochs("state-manager").RaiseAsync(opened.Value, Owner(3), Cancel);
        await transaction.CommitAsync(Cancel);
    }

    [Fact]
    public async Task A_service_of_one_process_goes_on_after_each_restart()
    {
        using var writer = new LedgerWriter(connections, partitions);
        for (var start = 0; start < 3; start++)
        {
            await using var process = new ServiceCollection().AddControl().BuildServiceProvider();
            var directory = process.GetRequiredService<IGrainDirectory>();
            var grain = new GrainId("collection", new("team", "one"));
            // Each time activated twice, as after an hour without work.
            for (var activation = 0; activation < 2; activation++)
            {
                var ownership = new GrainOwnership(grain, (await directory.TryOwnAsync(grain, Cancel))!.Value, directory);
                Assert.True(await writer.AddAsync(Hour("one", 2 * start + activation, 0) with { Owner = ownership }, Cancel));
                await directory.ReleaseAsync(grain, ownership.Epoch);
            }
        }
    }

    private static GrainOwnership Owner(long epoch) => KnownOwner.OfCosts("team", "one", epoch);

    private static LedgerBatch Hour(string cluster, int hour, long epoch)
    {
        var book = new HourBook(TimeSpan.FromHours(2), TimeSpan.FromDays(7));
        for (var minute = 0; minute <= 60; minute += 30)
            book.Look(new() { Nodes = [new() { Uid = "n", Name = "n", Cores = 4, RamBytes = 1 << 30, Created = Evening.AddDays(-1) }] }, [], new Dictionary<ContainerKey, Usage>(), Evening.AddHours(hour).AddMinutes(minute));
        var prices = new PriceBook([new("sheet", new() { Currency = "EUR", Periods = [new() { ValidFrom = Evening.AddYears(-1), Nodes = [new() { CpuCoreHour = 1m }] }] })]);
        return new($"uid-{cluster}", $"team/{cluster}", book.LastLook!.Value, [.. book.Hours.Select(one => HourPrices.Price(one, $"team/{cluster}", prices, new PodMetadata([], [])))], [.. book.Hours.Select(HourCoverage.Of)], [])
        {
            Owner = KnownOwner.OfCosts("team", cluster, epoch),
        };
    }

    /// <summary>Of every table of the ledger.</summary>
    private async Task<string> ContentAsync()
    {
        await using var opened = await connections.OpenAsync(Cancel);
        var content = "";
        foreach (var table in (string[])["cost_clusters", "cost_hours", "cost_assets", "cost_coverage", "cost_days", "cost_asset_days", "owner_epochs"])
        {
            await using var command = new NpgsqlCommand($"SELECT string_agg(t::text, ';' ORDER BY t::text) FROM {table} t", opened.Value);
            content += $"{table}: {await command.ExecuteScalarAsync(Cancel)}\n";
        }
        return content;
    }

    private static async Task KeepAsync(LedgerConnections.Opened opened, string what)
    {
        await using var command = new NpgsqlCommand("INSERT INTO cost_bills SELECT 'b', $1, now(), now(), now(), '', 0, 0, 0, 0, 0, 0 ON CONFLICT (name) DO UPDATE SET currency = EXCLUDED.currency", opened.Value);
        command.Parameters.AddWithValue(what);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<string?> KeptAsync(LedgerConnections.Opened opened)
    {
        await using var command = new NpgsqlCommand("SELECT currency FROM cost_bills WHERE name = 'b'", opened.Value);
        return await command.ExecuteScalarAsync(Cancel) as string;
    }

    private async Task WaitForLockAsync()
    {
        await using var source = NpgsqlDataSource.Create(database);
        while (await source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").ExecuteScalarAsync(Cancel) is not > 0L)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
    }

    private sealed class Contexts(string connectionString) : IDbContextFactory<HistoryContext>
    {
        public HistoryContext CreateDbContext() => new(new DbContextOptionsBuilder<HistoryContext>().UseNpgsql(connectionString).Options);
    }
}
