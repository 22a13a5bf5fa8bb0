using System.Diagnostics;
using System.Globalization;
using Fleet.Bench.ControlPlane;
using Fleet.Bench.Processes;
using Fleet.Bench.Runner;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Testing;
using Fleet.Testing.Servers;

namespace Fleet.Bench.Clusters;

/// <summary>
/// ClusterDeployments of three nodes from <c>apply</c> to Ready, a steady fleet, a restart, and how fast a change has its first effect. Three processes:
/// the management API with simulated infrastructure, the ClusterManager, and this one. Beside it, in the same run: bare <c>helm upgrade --install</c> of
/// the same chart. FLEET_BENCH_CLUSTERS sets the number of clusters.
/// </summary>
internal sealed class ThousandClusters : IBenchmark
{
    private const int BareReleases = 20;
    private const int Changes = 100;
    private const double MostMinutes = 8;
    private const double MostSteadyPercent = 5;
    private const double MostRestartSeconds = 30;
    private const double MostChangeMilliseconds = 500;
    private const double MostManagerMebibytes = 400;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Watching = TimeSpan.FromSeconds(60);

    public string Name => "clusters";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("FLEET_BENCH_CLUSTERS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 1_000;
        using var folder = new TemporaryFolder("bench-clusters");
        await using var api = await EmbeddedProcess.StartAsync(simulated: true);
        await using var repository = await HelmHttpRepository.StartAsync();
        var chart = Path.Combine(TestLogs.RepositoryRoot, "deploy", "catalog", "charts", "simulated-standalone-cp-0.1.0");
        await repository.AddAsync(chart);
        using var client = KubernetesClient.Create(KubeConfig.Parse(await File.ReadAllTextAsync(api.KubeconfigPath, ct), "bench").Endpoint());
        await using var fleet = await ManagedFleet.PrepareAsync(client, repository.Address, ct);
        var (bareCpu, bareSeconds) = await BareHelm.EachAsync(api.KubeconfigPath, chart, BareReleases, ct);

        var results = new List<BenchResult>();
        await using (var manager = await StartAsync(api, folder))
        {
            results.AddRange(await CreateAsync(fleet, manager, api, count, bareCpu, bareSeconds, ct));
            results.AddRange(await SteadyAsync(manager, api, ct));
            results.AddRange(await ChangesAsync(fleet, count, ct));
            await fleet.UntilReadyAsync(count, Patience, ct);
            await Task.Delay(Settling, TimeProvider.System, ct);
        }
        results.AddRange(await RestartAsync(fleet, api, folder, count, ct));
        return results;
    }

    private static Task<FleetProgram> StartAsync(EmbeddedProcess api, TemporaryFolder folder) => FleetProgram.StartAsync("Fleet.ClusterManager.dll", new Dictionary<string, string?>
    {
        ["kubeconfig"] = api.KubeconfigPath,
        ["data"] = folder.File("manager"),
        ["helm"] = RealParts.Helm3.Path,
    });

    private static async Task<IReadOnlyList<BenchResult>> CreateAsync(
        ManagedFleet fleet, FleetProgram manager, EmbeddedProcess api, int count, double bareCpu, double bareSeconds, CancellationToken ct)
    {
        var before = manager.Use;
        var apiBefore = ProcessUse.Of(api.Id);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            await fleet.DeclareAsync(i, ct);
        await fleet.UntilReadyAsync(count, Patience, ct);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var after = manager.Use;
        var helm = (after.Children - before.Children) / count;
        return
        [
            new($"clusters/{count} from apply to Ready", seconds, "s", bareSeconds * count, seconds / (bareSeconds * count), $"<= {MostMinutes * 60} s", seconds <= MostMinutes * 60),
            new("clusters/rate", count / seconds, "clusters/s", 1 / bareSeconds, count / seconds * bareSeconds, "-", true),
            new("clusters/own CPU of a cluster", (after.Own - before.Own) / count, "cpu-s", bareCpu, (after.Own - before.Own) / count / bareCpu, "-", true),
            new("clusters/helm's CPU of a cluster", helm, "cpu-s", bareCpu, helm / bareCpu, "-", true),
            new("clusters/API and simulation CPU of a cluster", (ProcessUse.Of(api.Id).Own - apiBefore.Own) / count, "cpu-s", null, null, "-", true),
            new("clusters/peak memory of the manager", after.PeakResident, "MiB", null, null, $"<= {MostManagerMebibytes} MiB", after.PeakResident <= MostManagerMebibytes),
            new("clusters/memory of API and simulation", ProcessUse.Of(api.Id).Resident, "MiB", null, null, "-", true),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> SteadyAsync(FleetProgram manager, EmbeddedProcess api, CancellationToken ct)
    {
        await Task.Delay(Settling, TimeProvider.System, ct);
        var before = manager.Use;
        var apiBefore = ProcessUse.Of(api.Id);
        await Task.Delay(Watching, TimeProvider.System, ct);
        var after = manager.Use;
        var own = (after.Own - before.Own) / Watching.TotalSeconds * 100;
        var helm = after.Children - before.Children;
        return
        [
            new("clusters/steady, manager", own, "% of core", null, null, $"<= {MostSteadyPercent} %", own <= MostSteadyPercent),
            new("clusters/steady, helm", helm, "cpu-s", null, null, "<= 0", helm <= 0),
            new("clusters/steady, API and simulation", (ProcessUse.Of(api.Id).Own - apiBefore.Own) / Watching.TotalSeconds * 100, "% of core", null, null, "-", true),
            new("clusters/steady, memory of the manager", after.Resident, "MiB", null, null, $"<= {MostManagerMebibytes} MiB", after.Resident <= MostManagerMebibytes),
        ];
    }

    /// <summary>One after the other on as many clusters: it is the way of a change that is measured, not a storm.</summary>
    private static async Task<IReadOnlyList<BenchResult>> ChangesAsync(ManagedFleet fleet, int count, CancellationToken ct)
    {
        var times = new List<double>();
        for (var i = 0; i < Math.Min(Changes, count); i++)
            times.Add((await fleet.ScaleAsync(i, 3, ct)).TotalMilliseconds);
        times.Sort();
        var last = times[(int)Math.Ceiling(times.Count * 0.99) - 1];
        return
        [
            new("clusters/change to first CAPI write, median", times[times.Count / 2], "ms", null, null, "-", true),
            new("clusters/change to first CAPI write, P99", last, "ms", null, null, $"<= {MostChangeMilliseconds} ms", last <= MostChangeMilliseconds),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> RestartAsync(ManagedFleet fleet, EmbeddedProcess api, TemporaryFolder folder, int count, CancellationToken ct)
    {
        var versions = await fleet.VersionsAsync(ct);
        var began = Stopwatch.GetTimestamp();
        await using var manager = await StartAsync(api, folder);
        while (await manager.MetricAsync("fleet_reconcile_outcomes_total{controller=\"clusterdeployment\"", ct) < count)
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException("not every cluster was looked at after the restart");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
        }
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var same = await fleet.VersionsAsync(ct) == versions;
        return
        [
            new("clusters/restart until in step", seconds, "s", null, null, $"<= {MostRestartSeconds} s", seconds <= MostRestartSeconds),
            new("clusters/restart, helm", manager.Use.Children, "cpu-s", null, null, "<= 0.2", manager.Use.Children <= 0.2),
            new("clusters/restart, objects written", same ? 0 : 1, "yes/no", null, null, "<= 0", same),
        ];
    }
}
