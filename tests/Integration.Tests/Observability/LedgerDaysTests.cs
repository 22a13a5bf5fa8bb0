using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Prices;
using Fleet.Cost.Pricing;
using Fleet.Observability.Backfill;
using Fleet.Observability.Costs;
using Fleet.Observability.History;
using Fleet.Observability.Ledger;
using Fleet.Testing.Grains;
using Fleet.Testing.Servers;
using Fleet.Testing.Time;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Days of the ledger beside its hours, on a real PostgreSQL.</summary>
public sealed class LedgerDaysTests : IAsyncLifetime
{
    private const double GiB = 1024 * 1024 * 1024;
    private const int Days = 4;

    private static readonly DateTimeOffset First = new(2026, 10, 30, 0, 0, 0, TimeSpan.Zero);

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
        (writer, reader) = (new(connections, new LedgerPartitions()), new(connections));
    }

    public async ValueTask DisposeAsync() => await postgres.DisposeAsync();

    [Fact]
    public async Task Days_and_namespaces_answer_as_hours_do_with_late_hours_and_hours_in_parts()
    {
        var random = new Random(5);
        foreach (var cluster in (string[])["team/a", "team/b", "other/c"])
        {
            var hours = Enumerable.Range(0, Days * 24 - 5).Select(hour => Price(cluster, hour, random)).ToList();
            // Some come late, after hours of the next day; what is written in parts is added up.
            var late = hours.Where((_, at) => at % 17 == 3).ToList();
            await AddAsync(cluster, First.AddDays(2), [.. hours.Except(late).Take(50)]);
            await AddAsync(cluster, First.AddDays(2).AddSeconds(1), [.. hours.Except(late).Skip(50)]);
            await AddAsync(cluster, First.AddDays(Days).AddHours(-5), late);
        }

        var all = new QueryWindow(First, First.AddDays(Days));
        foreach (var query in (string[])
            [
                "aggregate=namespace", "aggregate=cluster,namespace&includeIdle=true", "aggregate=cluster&shareIdle=true", "aggregate=namespace&filter=cluster:\"team/b\"&shareNamespaces=kube-system",
                "aggregate=controller&includeIdle=true", "aggregate=label:app", "aggregate=namespace&shareCost=100&splitIdle=true&includeIdle=true", "aggregate=pod&idleByNode=true&includeIdle=true",
            ])
        {
            await AssertSameAsync(query, all, all.Duration);
            await AssertSameAsync(query, all, TimeSpan.FromDays(1));
            await AssertSameAsync(query, new(First.AddHours(7), First.AddDays(3).AddHours(2)), TimeSpan.FromDays(9));
        }

        // Sums by cluster are those of its namespaces.
        foreach (var (fine, coarse) in (await reader.ReadAsync(all, TimeSpan.FromDays(1), null, Cancel)).Zip(await reader.ReadAsync(all, TimeSpan.FromDays(1), null, Cancel, LedgerDetail.Clusters)))
        {
            Assert.Equal(3, coarse.Allocations.Allocations.Values.Count(row => row.Kind == AllocationKind.Workload));
            Assert.Equal(fine.Allocations.TotalCost, coarse.Allocations.TotalCost, 6);
            Assert.Equal(fine.Assets.TotalCost, coarse.Assets.TotalCost, 6);
        }
        var assets = Assert.Single(await reader.ReadAsync(all, all.Duration, ["team/a"], Cancel, LedgerDetail.Assets));
        Assert.Equal(("big", Days * 24 - 5d), (assets.Assets.Nodes[0].InstanceType, Math.Round(assets.Assets.Nodes[0].Hours, 6)));
        Assert.Empty(assets.Allocations.Allocations);
        Assert.All(CostReport.Balances(await reader.ReadAsync(all, TimeSpan.FromDays(1), null, Cancel)), balance => Assert.True(balance.Holds, string.Join("; ", balance.Faults)));
    }

    [Fact]
    public async Task Hours_that_were_there_before_days_are_rolled_up_when_the_tables_come()
    {
        var contexts = new Contexts(postgres.ConnectionString);
        var random = new Random(6);
        await AddAsync("team/a", First.AddDays(2), [.. Enumerable.Range(0, 40).Select(hour => Price("team/a", hour, random))]);
        var window = new QueryWindow(First, First.AddDays(2));
        var before = Assert.Single(await reader.ReadAsync(window, window.Duration, null, Cancel));
        // As a fleet of the version before has it.
        await ExecuteAsync(
            """
            DROP TABLE cost_days, cost_share_days, cost_asset_days, cost_namespace_days, cost_backfills, cost_kept;
            DROP AGGREGATE cost_common(text[]);
            DROP FUNCTION cost_common_of;
            ALTER TABLE cost_hours DROP transfer_bytes, DROP receive_bytes, DROP network_cost;
            ALTER TABLE cost_assets DROP byte_hours_used;
            ALTER TABLE cost_clusters DROP simulated, DROP balance;
            DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = '0004_CostDays';
            """);
        var after = new LedgerReader(new(new(contexts)));
        var set = Assert.Single(await after.ReadAsync(window, window.Duration, null, Cancel));
        Assert.Equal(before.Allocations.TotalCost, set.Allocations.TotalCost, 6);
        Assert.Equal(before.Assets.TotalCost, set.Assets.TotalCost, 6);
        var namespaces = Assert.Single(await after.ReadAsync(window, window.Duration, null, Cancel, LedgerDetail.Namespaces));
        Assert.Equal(before.Allocations.TotalCost, namespaces.Allocations.TotalCost, 6);
        Assert.Equal(["db"], namespaces.Allocations.Allocations.Values.Single(row => row.Properties.Namespace == "data").Properties.Services);
    }

    [Fact]
    public async Task The_past_of_a_simulated_cluster_is_filled_in_once_behind_what_was_seen_and_goes_on_after_a_stop()
    {
        var now = First.AddDays(3).AddHours(5).AddMinutes(20);
        var random = new Random(7);
        // What was seen begins at four.
        await AddAsync("team/a", First.AddDays(3).AddHours(5), [Price("team/a", 3 * 24 + 4, random)]);
        var past = new Past();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        // It stops in the middle, as a process that is killed between two days.
        past.Stop = () => stop.Cancel();
        var request = new BackfillRequest(
            "uid-team/a", "team/a", new() { Nodes = [new() { Uid = "n", Name = "n", Cores = 32, RamBytes = 128 * GiB }] }, Prices, KnownOwner.OfCosts("team", "a"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Service(past, now).FillAsync(request, stop.Token));
        var begun = Assert.Single(await reader.ReadAsync(new(First, First.AddDays(4)), TimeSpan.FromDays(4), null, Cancel)).Assets.Nodes.Single(node => node.Name == "n").Hours;
        Assert.InRange(begun, 1, 60);
        past.Stop = null;
        Assert.True(await Service(past, now.AddMinutes(1)).FillAsync(request, Cancel) > 0);
        Assert.Equal(0, await Service(past, now.AddHours(2)).FillAsync(request, Cancel));

        var set = Assert.Single(await reader.ReadAsync(new(First, First.AddDays(4)), TimeSpan.FromDays(4), null, Cancel));
        // Three days and four hours, and the hour that was seen.
        Assert.Equal(3 * 24 + 5, set.Assets.Nodes.Single(node => node.Name == "n").Hours, 6);
        Assert.Equal(3 * 24 + 4, set.Allocations.Allocations.Values.Single(row => row.Properties.Pod == "past").Hours, 6);
        var cluster = Assert.Single(await reader.FreshnessAsync(Cancel));
        Assert.Equal((true, First.AddDays(3).AddHours(5)), (cluster.IsSimulated, cluster.SeenUntil));

        BackfillService Service(IPastPods pods, DateTimeOffset time) => new(
            new([pods]), writer, new() { Backfill = TimeSpan.FromDays(3) }, [], new ManualTimeProvider(time), Microsoft.Extensions.Logging.Abstractions.NullLogger<BackfillService>.Instance);
    }

    private sealed class Past : IPastPods
    {
        public Action? Stop { get; set; }

        public bool Knows(string clusterUid) => true;

        public IEnumerable<PastPodUsage> Of(string clusterUid, DateTimeOffset from, DateTimeOffset to)
        {
            if (from > First)
                Stop?.Invoke();
            yield return new(
                new()
                {
                    Metadata = new() { Name = "past", Namespace = "shop", Uid = "past" },
                    Spec = new() { NodeName = "n", Containers = [new() { Name = "app" }] },
                    Status = new() { ContainerStatuses = [new() { Name = "app", State = new() { Running = new() { StartedAt = First.AddDays(-9) } } }] },
                },
                First.AddDays(-9), First.AddDays(9), [(start, end) => new((end - start).TotalSeconds / 2, 1, (end - start).TotalSeconds * GiB, GiB, 1, 1)]);
        }
    }

    /// <summary>What <c>/allocation</c> answers from days, and what it would from hours alone.</summary>
    private async Task AssertSameAsync(string text, QueryWindow window, TimeSpan step)
    {
        var query = CostQuery.Read(
            Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery($"window={window.Start:yyyy-MM-ddTHH:mm:ssZ},{window.End:yyyy-MM-ddTHH:mm:ssZ}&{text}"), First.AddDays(9));
        var byDay = await reader.ReadAsync(window, step, null, Cancel, query.Detail);
        var answered = CostReport.Allocations(byDay, query);
        var expected = CostReport.Allocations([.. (await ByHourAsync(window, step)).Select(set => set)], query);
        Assert.Equal(expected.Count, answered.Count);
        foreach (var (one, other) in expected.Zip(answered))
        {
            Assert.Equal(one.Allocations.Keys.Order(), other.Allocations.Keys.Order());
            foreach (var (name, row) in one.Allocations)
            {
                var same = other.Allocations[name];
                var because = $"{text} {name} {window} {step}";
                Assert.True(
                    Near(row.TotalCost, same.TotalCost) && Near(row.Cpu.Hours, same.Cpu.Hours) && Near(row.Cpu.UsageAverage, same.Cpu.UsageAverage) && Near(row.Ram.RequestAverage, same.Ram.RequestAverage)
                    && Near(row.VolumeByteHours, same.VolumeByteHours) && Near(row.Network.TransferBytes, same.Network.TransferBytes) && Near(row.LoadBalancerCost, same.LoadBalancerCost), because);
                Assert.True((row.Start - same.Start).Duration() < TimeSpan.FromSeconds(1) && (row.End - same.End).Duration() < TimeSpan.FromSeconds(1), because);
                Assert.Equal(row.Properties with { Services = [], Labels = same.Properties.Labels, Annotations = same.Properties.Annotations }, same.Properties with { Services = [] });
                Assert.Equal((row.Kind, row.MissingPrice, string.Join(',', row.Properties.Services), row.Volumes.Count), (same.Kind, same.MissingPrice, string.Join(',', same.Properties.Services), same.Volumes.Count));
            }
        }

        static bool Near(double one, double other) => Math.Abs(one - other) <= 1e-9 * Math.Max(1, Math.Max(Math.Abs(one), Math.Abs(other)));
    }

    /// <summary>A step that no day fits in is read from hours; those are added up here.</summary>
    private async Task<List<LedgerSet>> ByHourAsync(QueryWindow window, TimeSpan step)
    {
        var hours = await reader.ReadAsync(window, TimeSpan.FromHours(1), null, Cancel);
        var steps = step < window.Duration ? window.Steps(step) : [window];
        return
        [
            .. steps.Select(span => (Span: span, Hours: hours.Where(hour => span.Contains(hour.Assets.Window.Start)).ToList())).Where(group => group.Hours.Count > 0).Select(group =>
                new LedgerSet(
                    new(group.Span, group.Hours.SelectMany(hour => hour.Allocations.Allocations.Values.Select(row => row with { Window = group.Span })), "EUR"),
                    new(group.Span, "EUR")
                    {
                        Nodes = [.. group.Hours.SelectMany(hour => hour.Assets.Nodes).GroupBy(node => (node.Cluster, node.Name, node.Discount)).Select(nodes => Sum(nodes, group.Span.Start))],
                        Disks = [.. group.Hours.SelectMany(hour => hour.Assets.Disks)],
                    })),
        ];

        static NodeAsset Sum(IEnumerable<NodeAsset> nodes, DateTimeOffset start)
        {
            var all = nodes.ToList();
            return all[0] with { Start = start, End = start.AddHours(all.Sum(node => node.Hours)), CpuCost = all.Sum(node => node.CpuCost), RamCost = all.Sum(node => node.RamCost) };
        }
    }

    private async Task AddAsync(string cluster, DateTimeOffset until, IReadOnlyList<PricedCluster> hours) => Assert.True(await writer.AddAsync(
        new($"uid-{cluster}", cluster, until, hours, [.. hours.Select(hour => new HourCoverage(hour.Assets.Window.Start, 3600, 0))], []) { Owner = KnownOwner.OfCosts("team", cluster) }, Cancel));

    private static PricedCluster Price(string cluster, int hour, Random random)
    {
        var start = First.AddHours(hour);
        return ClusterPricer.Price(
            new(cluster, new(start, start.AddHours(1)))
            {
                Nodes = [new("n", new() { InstanceType = "big", CpuCores = 32, RamBytes = 128 * GiB }, start, start.AddHours(1))],
                Containers =
                [
                    Container("web-1", "shop", "web", "app", ["web", "all"]), Container("web-1", "shop", "web", "side", ["web", "all"]), Container($"api-{hour / 30}", "shop", "api", "app", ["all"]),
                    Container("db-0", "data", "db", "db", ["db"]), Container("dns", "kube-system", "dns", "dns", []),
                ],
                Volumes =
                [
                    new("pv", 10 * GiB, start, start.AddHours(1), new Dictionary<string, double> { ["db-0"] = 1 }) { StorageClass = "fast", ClaimNamespace = "data", ClaimName = "data" },
                    new("lost", GiB, start, start.AddHours(1), new Dictionary<string, double> { ["__unmounted__"] = 1 }) { StorageClass = "fast" },
                ],
                LoadBalancers = [new("shop", "web", start, start.AddHours(1), new Dictionary<string, double> { ["web-1"] = 1 })],
            },
            Prices);

        ContainerSpan Container(string pod, string space, string controller, string name, IReadOnlyList<string> services) => new(
            pod, new() { Namespace = space, Pod = pod, Container = name, Node = "n", ControllerKind = "deployment", Controller = controller, Services = services, Labels = new Dictionary<string, string> { ["app"] = controller } },
            start.AddMinutes(random.Next(20)), start.AddHours(1))
        {
            Cpu = new(1 + random.NextDouble(), 1, random.NextDouble()),
            Ram = new(2 * GiB, 2 * GiB, random.NextDouble() * GiB),
            TransferBytes = random.Next(1000),
        };
    }

    /// <summary>With another discount from the second day's noon on.</summary>
    private static PriceBook Prices { get; } = new(
    [
        new("sheet", new()
        {
            Currency = "EUR",
            Periods =
            [
                new() { ValidFrom = First.AddYears(-1), Nodes = [new() { CpuCoreHour = 0.03m, RamGibHour = 0.004m }], Storage = [new() { GibHour = 0.0001m }], LoadBalancers = new() { Hour = 0.02m } },
                new() { ValidFrom = First.AddHours(36), Nodes = [new() { CpuCoreHour = 0.04m, RamGibHour = 0.005m }], Storage = [new() { GibHour = 0.0001m }], LoadBalancers = new() { Hour = 0.03m } },
            ],
        }),
    ]);

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private sealed class Contexts(string connectionString) : IDbContextFactory<HistoryContext>
    {
        public HistoryContext CreateDbContext() => new(new DbContextOptionsBuilder<HistoryContext>().UseNpgsql(connectionString).Options);
    }
}
