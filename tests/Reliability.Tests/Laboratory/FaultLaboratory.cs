using System.Diagnostics;
using Fleet.Kubernetes.Resources;
using Fleet.Reliability.Tests.Laboratory.Network;
using Fleet.Testing;

namespace Fleet.Reliability.Tests.Laboratory;

/// <summary>Three replicas, everything that they write to, and everything that goes wrong between them.</summary>
internal sealed class FaultLaboratory : IAsyncDisposable
{
    /// <summary>After the last fault every store must have what is wanted within this.</summary>
    public static readonly TimeSpan MostUntilSettled = TimeSpan.FromMinutes(2);

    private const int Clusters = 12;

    private static readonly TimeSpan BetweenWishes = TimeSpan.FromSeconds(2);
    /// <summary>The bits 0101….</summary>
    private const double EverySecond = 1.0 / 3;

    private static readonly string[] Replicas = ["a", "b", "c"];

    /// <summary>The third has the clusters that are pinned, and those alone as long as another lives.</summary>
    private static readonly Dictionary<string, string> Pools = new() { ["c"] = LaboratoryServers.Pool };

    private readonly TemporaryFolder folder = new("laboratory");
    private readonly int seed;
    private LaboratoryServers? servers;
    private LaboratoryNetwork? network;
    private LaboratoryReplicas? replicas;

    private FaultLaboratory(int seed) => this.seed = seed;

    /// <summary>Why there is no network here that can be cut; null where there is.</summary>
    public string? Missing { get; private set; }

    public static async Task<FaultLaboratory> StartAsync(int seed, CancellationToken ct)
    {
        var all = new FaultLaboratory(seed) { Missing = await LaboratoryNetwork.MissingAsync() };
        try
        {
            all.servers = await LaboratoryServers.StartAsync(Clusters, isOwn: true, ct);
            all.network = all.Missing is null ? await LaboratoryNetwork.StartAsync(seed, Replicas, all.servers.Ports, name => LaboratoryReplicas.DiskOf(all.folder, name)) : null;
            all.replicas = new(all.servers, all.folder, all.network, Pools);
            await all.servers.PinAsync(EverySecond, ct);
            foreach (var name in Replicas)
                await all.replicas.StartAsync(name);
            await all.SettleAsync("first", ct);
            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the faults of the seed, waits until everything is as wanted, and proves the rules over all that was written.</summary>
    /// <param name="which">Of the endless list, from its first on.</param>
    /// <param name="ct">Ends the run early.</param>
    public async Task<LaboratoryReport> RunAsync(Func<IEnumerable<Fault>, IEnumerable<Fault>> which, CancellationToken ct)
    {
        var injector = new FaultInjector(servers!, replicas!, network);
        var watch = Stopwatch.StartNew();
        var running = new List<Task<FaultSeen>>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var wishing = WishAsync(over.Token);
        try
        {
            foreach (var fault in which(FaultPlan.Of(seed, Replicas, network is not null)))
            {
                if (fault.At - watch.Elapsed is var wait && wait > TimeSpan.Zero)
                    await Task.Delay(wait, TimeProvider.System, ct);
                running.Add(injector.InjectAsync(fault, ct));
            }
        }
        finally
        {
            await Task.WhenAll(running);
            await over.CancelAsync();
            await wishing;
        }
        var settled = await SettleAsync("last", ct);
        await replicas!.EndAsync();
        var violations = HistoryChecker.Check(replicas.History(), await servers!.ReadAsync(ct), servers.Clusters.ToDictionary(c => c, _ => "last"));
        return new(seed, [.. running.Select(r => r.Result)], replicas.History(), violations, settled);
    }

    public async ValueTask DisposeAsync()
    {
        if (replicas is not null)
            await replicas.DisposeAsync();
        if (network is not null)
            await network.DisposeAsync();
        if (servers is not null)
            await servers.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>People go on wanting something else meanwhile.</summary>
    private async Task WishAsync(CancellationToken ct)
    {
        var random = new Random(seed);
        for (var wish = 0; !ct.IsCancellationRequested; wish++)
            try
            {
                await Task.Delay(BetweenWishes, TimeProvider.System, ct);
                await servers!.WantAsync(servers.Clusters[random.Next(servers.Clusters.Count)], $"wish-{wish}", ct);
            }
            catch (Exception e) when (IsPassing(e) || ct.IsCancellationRequested)
            {
                // The API server is down.
            }
    }

    /// <summary>Wants this of all clusters, and waits until every store has it.</summary>
    private async Task<TimeSpan> SettleAsync(string value, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var wished = new HashSet<string>();
        IReadOnlyList<StoredCount> seen = [];
        while (seen.Count(s => s.Applied == value) < 3 * servers!.Clusters.Count)
        {
            if (watch.Elapsed > MostUntilSettled)
                throw new LaboratoryException(
                    $"seed {seed}: not everything was \"{value}\" within {MostUntilSettled}: {string.Join(", ", seen.Where(s => s.Applied != value).Select(s => $"{s.Store}/{s.Cluster} is \"{s.Applied}\"").Take(20))}");
            try
            {
                foreach (var cluster in servers.Clusters.Where(c => !wished.Contains(c)))
                {
                    await servers.WantAsync(cluster, value, ct);
                    wished.Add(cluster);
                }
                seen = await servers.ReadAsync(ct);
            }
            catch (Exception e) when (IsPassing(e))
            {
                // A server comes back.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, ct);
        }
        return watch.Elapsed;
    }

    private static bool IsPassing(Exception e) => e is KubeApiException or HttpRequestException or TimeoutException or OperationCanceledException;
}

/// <summary>The replicas did not do what they must.</summary>
internal sealed class LaboratoryException(string message) : Exception(message);
