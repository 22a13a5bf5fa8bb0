using Fleet.Cost.Prices;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Clusters;
using Fleet.Observability.History;
using Fleet.Observability.Hours;
using Fleet.Observability.Ledger;
using Fleet.Observability.Objects;
using Fleet.Observability.Pricing;
using Fleet.Testing.Grains;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Integration.Tests.Observability;

/// <summary>A PostgreSQL with costs of one cluster in it: a node, two pods that share a disk, a disk that nobody uses, and a fee for management.</summary>
internal sealed class FilledLedger(PrivatePostgres postgres, DateTimeOffset start) : IAsyncDisposable
{
    public const string Cluster = "team-a/prod";

    private const double GiB = 1024 * 1024 * 1024;

    private readonly HourBook book = new(TimeSpan.FromMinutes(3), TimeSpan.FromDays(7));
    private readonly LedgerPartitions partitions = new();

    public string ConnectionString => postgres.ConnectionString;

    public LedgerConnections Connections { get; } = new(new(new Contexts(postgres.ConnectionString)));

    public LedgerReader Reader => new(Connections);

    private PriceBook Prices { get; } = new(
    [
        new("sheet", new()
        {
            Currency = "EUR",
            Periods =
            [
                new()
                {
                    ValidFrom = start.AddYears(-1), Nodes = [new() { CpuCoreHour = 0.03m, RamGibHour = 0.004m }], Storage = [new() { GibHour = 0.0001m }], ClusterManagement = new() { Hour = 0.1m },
                },
            ],
        }),
    ]);

    public static async Task<FilledLedger> StartAsync(DateTimeOffset start) => new(await PrivatePostgres.StartAsync(), start);

    /// <summary>Looks once a minute, and writes what was seen.</summary>
    public async Task AddAsync(int fromMinute, int toMinute, CancellationToken ct)
    {
        for (var minute = fromMinute; minute <= toMinute; minute++)
            book.Look(
                new ClusterSnapshot
                {
                    Nodes = [new() { Uid = "n", Name = "n", Cores = 16, RamBytes = 64 * GiB, Created = start.AddDays(-9) }],
                    Pods = [Pod("web"), Pod("db")],
                    Volumes =
                    [
                        new("pv", "pv", "fast", 10 * GiB, new ObjectKey("team", "data"), "disk-1", "Bound", start.AddDays(-2)), new("lost", "lost", "fast", GiB, null, "", "Released", start),
                    ],
                },
                [], new Dictionary<ContainerKey, Usage> { [new("web", "app")] = new(minute % 5, GiB) }, start.AddMinutes(minute));
        var hours = book.Hours.Select(hour => HourPrices.Price(hour, Cluster, Prices, new PodMetadata([], []))).ToList();
        Assert.True(await new LedgerWriter(Connections, partitions).AddAsync(new("uid", Cluster, book.LastLook!.Value, hours, [.. book.Hours.Select(HourCoverage.Of)], []) { Owner = KnownOwner.OfCosts("team-a", "prod") }, ct));
        book.Clear();
    }

    public ValueTask DisposeAsync() => postgres.DisposeAsync();

    private PodRow Pod(string name) => new()
    {
        Uid = name,
        Key = new ObjectKey("team", name),
        Node = "n",
        ControllerKind = "deployment",
        Controller = name,
        Labels = Texts.Of(new Dictionary<string, string> { ["app"] = "shop" }),
        Containers = Sequence<ContainerRow>.Of([new("app", 1, GiB, 0, start.AddDays(-1), null, 0)]),
        Claims = Sequence<string>.Of(["data"]),
    };

    private sealed class Contexts(string connectionString) : IDbContextFactory<HistoryContext>
    {
        public HistoryContext CreateDbContext() => new(new DbContextOptionsBuilder<HistoryContext>().UseNpgsql(connectionString).Options);
    }
}
