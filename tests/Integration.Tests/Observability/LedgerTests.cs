using Fleet.Cost;
using Fleet.Cost.Allocations;
using Fleet.Cost.Prices;
using Fleet.Cost.Pricing;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Clusters;
using Fleet.Observability.Costs;
using Fleet.Observability.History;
using Fleet.Observability.Hours;
using Fleet.Observability.Ledger;
using Fleet.Observability.Objects;
using Fleet.Observability.Pricing;
using Fleet.Testing.Grains;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Integration.Tests.Observability;

/// <summary>The ledger of costs on a real PostgreSQL.</summary>
public sealed class LedgerTests : IAsyncLifetime
{
    private const double GiB = 1024 * 1024 * 1024;

    private static readonly DateTimeOffset Evening = new(2026, 11, 1, 22, 0, 0, TimeSpan.Zero);

    private readonly HourBook book = new(TimeSpan.FromMinutes(3), TimeSpan.FromDays(7));
    private readonly LedgerPartitions partitions = new();
    private PrivatePostgres postgres = null!;
    private LedgerConnections connections = null!;
    private LedgerWriter writer = null!;
    private LedgerReader reader = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await PrivatePostgres.StartAsync();
        var contexts = new Contexts(postgres.ConnectionString);
        connections = new(new(contexts));
        (writer, reader) = (new(connections, partitions), new(connections));
    }

    public async ValueTask DisposeAsync() => await postgres.DisposeAsync();

    [Fact]
    public async Task What_is_written_piece_by_piece_is_read_as_a_whole()
    {
        var whole = new HourBook(TimeSpan.FromMinutes(3), TimeSpan.FromDays(7));
        for (var minute = 0; minute <= 240; minute++)
        {
            Look(whole, minute);
            Look(book, minute);
            if (minute % 7 == 0)
                Assert.Equal(minute > 0, await WriteAsync());
        }
        Assert.True(await WriteAsync());

        var sets = await reader.ReadAsync(new(Evening, Evening.AddHours(4)), TimeSpan.FromHours(4), null, Cancel);
        var set = Assert.Single(sets);
        var expected = whole.Hours.Select(Price).ToList();
        Assert.Equal(expected.Sum(hour => hour.Assets.TotalCost), set.Assets.TotalCost, 9);
        Assert.Equal(expected.Sum(hour => hour.Workloads.TotalCost), set.Allocations.TotalCost, 9);
        var sum = new AllocationSet(set.Allocations.Window, expected.SelectMany(hour => hour.Workloads.Allocations.Values), "EUR").Allocations["team/prod/team/web/web/app"];
        var row = set.Allocations.Allocations["team/prod/team/web/web/app"];
        Assert.Equal(sum.Cpu.UsageAverage, row.Cpu.UsageAverage, 6);
        Assert.Equal((sum.Cpu.RequestAverage, sum.Start, sum.End, "shop"), (Math.Round(row.Cpu.RequestAverage, 6), row.Start, row.End, row.Properties.Labels["app"]));
        Assert.Equal(sum.VolumeCost, row.VolumeCost, 9);
        var balance = Assert.Single(CostReport.Balances(sets));
        Assert.True(balance.Holds, string.Join("; ", balance.Faults));
    }

    [Fact]
    public async Task Rows_and_assets_are_of_one_moment_while_somebody_writes()
    {
        Look(book, 0);
        Look(book, 1);
        await WriteAsync();
        var window = new QueryWindow(Evening, Evening.AddHours(1));
        using var reads = new SemaphoreSlim(0);
        var writing = Task.Run(async () =>
        {
            for (var minute = 2; minute < 60; minute++)
            {
                // However late the reader comes, there is something left to write.
                if (minute % 10 == 0)
                    await reads.WaitAsync(Cancel);
                Look(book, minute);
                await WriteAsync();
            }
        }, Cancel);
        var (read, several) = (0, new HashSet<double>());
        while (!writing.IsCompleted || read < 3)
        {
            var set = Assert.Single(await reader.ReadAsync(window, TimeSpan.FromHours(1), null, Cancel));
            var row = set.Allocations.Allocations["team/prod/team/web/web/app"];
            Assert.Equal((row.End - row.Start).TotalHours, set.Assets.Nodes.Single().Hours, 0.001);
            several.Add(row.Cpu.Hours);
            read++;
            reads.Release();
        }
        await writing;
        Assert.True(several.Count > 1, "nothing was written meanwhile: this shows nothing");
    }

    [Fact]
    public async Task Steps_are_sets_and_clusters_of_others_are_not_read()
    {
        for (var minute = 0; minute <= 180; minute++)
            Look(book, minute);
        await WriteAsync();
        var window = new QueryWindow(Evening, Evening.AddHours(3));
        var sets = await reader.ReadAsync(window, TimeSpan.FromHours(1), ["team/prod"], Cancel);
        Assert.Equal([Evening, Evening.AddHours(1), Evening.AddHours(2)], sets.Select(set => set.Assets.Window.Start));
        Assert.Empty(await reader.ReadAsync(window, TimeSpan.FromHours(1), ["other/prod"], Cancel));
    }

    [Fact]
    public async Task A_batch_that_is_sent_twice_counts_once()
    {
        for (var minute = 0; minute <= 30; minute++)
            Look(book, minute);
        var batch = Batch();
        Assert.True(await writer.AddAsync(batch, Cancel));
        Assert.False(await writer.AddAsync(batch, Cancel));
        Assert.Equal(Evening.AddMinutes(30), await writer.SeenUntilAsync("uid", Cancel));
        var set = Assert.Single(await reader.ReadAsync(new(Evening, Evening.AddHours(1)), TimeSpan.FromHours(1), null, Cancel));
        Assert.Equal(batch.Hours.Sum(hour => hour.Assets.TotalCost), set.Assets.TotalCost, 9);
    }

    [Fact]
    public async Task Old_days_are_dropped_and_the_others_stay()
    {
        for (var minute = 0; minute <= 240; minute++)
            Look(book, minute);
        await WriteAsync();
        await using (var connection = await connections.OpenAsync(Cancel))
        {
            var gone = await partitions.ForgetHoursAsync(connection, KnownOwner.OfSingleton("retention"), new(2026, 11, 2), Cancel);
            Assert.Equal(["cost_assets_20261101", "cost_coverage_20261101", "cost_hours_20261101", "cost_shares_20261101"], gone.Order());
        }
        // Two hours of it are there as part of their day only, and nobody is told that they cost nothing.
        var refused = await Assert.ThrowsAsync<CostQueryException>(() => reader.ReadAsync(new(Evening, Evening.AddHours(4)), TimeSpan.FromHours(4), null, Cancel));
        Assert.Contains("2026-11-02", refused.Message, StringComparison.Ordinal);
        var set = Assert.Single(await reader.ReadAsync(new(Evening.AddHours(2), Evening.AddHours(4)), TimeSpan.FromHours(4), null, Cancel));
        Assert.Equal(2, set.Assets.Nodes.Single().Hours, 6);
        var days = await reader.ReadAsync(new(Evening.AddHours(-22), Evening.AddHours(26)), TimeSpan.FromDays(1), null, Cancel);
        Assert.Equal([2, 2], days.Select(day => Math.Round(day.Assets.Nodes.Single().Hours, 6)));
        await using (var connection = await connections.OpenAsync(Cancel))
        {
            Assert.Empty(await partitions.ForgetDaysAsync(connection, KnownOwner.OfSingleton("retention"), new(2026, 11, 30), Cancel));
            Assert.Equal(4, (await partitions.ForgetDaysAsync(connection, KnownOwner.OfSingleton("retention"), new(2026, 12, 1), Cancel)).Count);
        }
        // A late batch for a day that was dropped makes it again.
        book.Clear();
        Look(book, 241);
        Assert.True(await WriteAsync());
    }

    private async Task<bool> WriteAsync()
    {
        var isNew = await writer.AddAsync(Batch(), Cancel);
        book.Clear();
        return isNew && book.LastLook > Evening;
    }

    private LedgerBatch Batch(long epoch = 1) =>
        new("uid", "team/prod", book.LastLook!.Value, [.. book.Hours.Select(Price)], [.. book.Hours.Select(HourCoverage.Of)], []) { Owner = KnownOwner.OfCosts("team", "prod", epoch) };

    private static void Look(HourBook book, int minute)
    {
        var random = new Random(minute);
        var seen = new ClusterSnapshot
        {
            Nodes = [new() { Uid = "n", Name = "n", Cores = 16, RamBytes = 64 * GiB, Created = Evening.AddDays(-9) }],
            Pods = [Pod("web", 1, "data"), Pod("db", 0.5, minute % 3 == 0 ? "data" : null)],
            Volumes = [new("pv", "pv", "fast", 10 * GiB, new ObjectKey("team", "data"), "disk-1", "Bound", Evening.AddDays(-2)), new("lost", "lost", "fast", GiB, null, "", "Released", Evening)],
        };
        var usage = new Dictionary<ContainerKey, Usage> { [new("web", "app")] = new(random.NextDouble() * 3, random.NextDouble() * GiB) };
        book.Look(seen, [], usage, Evening.AddMinutes(minute));
    }

    private static PricedCluster Price(ClusterHour hour) => HourPrices.Price(hour, "team/prod", Prices, new PodMetadata([], []));

    private static PriceBook Prices { get; } = new(
    [
        new("sheet", new()
        {
            Currency = "EUR",
            Periods = [new() { ValidFrom = Evening.AddYears(-1), Nodes = [new() { CpuCoreHour = 0.03m, RamGibHour = 0.004m }], Storage = [new() { GibHour = 0.0001m }] }],
        }),
    ]);

    private static PodRow Pod(string name, double request, string? claim) => new()
    {
        Uid = name,
        Key = new ObjectKey("team", name),
        Node = "n",
        ControllerKind = "deployment",
        Controller = name,
        Labels = Texts.Of(new Dictionary<string, string> { ["app"] = "shop" }),
        Containers = Sequence<ContainerRow>.Of([new("app", request, GiB, 0, Evening.AddDays(-1), null, 0)]),
        Claims = Sequence<string>.Of(claim is null ? [] : [claim]),
    };

    private sealed class Contexts(string connectionString) : IDbContextFactory<HistoryContext>
    {
        public HistoryContext CreateDbContext() => new(new DbContextOptionsBuilder<HistoryContext>().UseNpgsql(connectionString).Options);
    }
}
