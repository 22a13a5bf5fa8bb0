using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Bench.Clusters;
using Fleet.Bench.ControlPlane;
using Fleet.Bench.Processes;
using Fleet.Bench.Runner;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.Servers;

namespace Fleet.Bench.Scale;

/// <summary>
/// Clusters of three nodes with three services each, in one management plane of three replicas: from apply to all of them deployed, what they cost at rest, how fast a change has its
/// first effect while one cluster in a hundred does not answer, and a restart of everything. Beside it, in the same run: bare <c>helm upgrade --install</c>, of which a cluster takes four.
/// FLEET_BENCH_CLUSTERS sets the number of clusters; 10,000 are 40,000 runs of helm, two hours and more on two cores.
/// </summary>
internal sealed class FleetAtScale : IBenchmark
{
    private const int Services = 3;
    private const int BareReleases = 20;
    private const int Changes = 100;
    private const int Writes = 5_000;
    private const double MostIdlePercent = 20;
    private const double MostKibibytes = 100;
    private const double MostRestartSeconds = 180;
    private const double MostChangeMilliseconds = 1_000;
    private const double LeastWrites = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Watching = TimeSpan.FromSeconds(60);
    private static readonly ResourceKind ServiceSets = new("k0rdent.mirantis.com", "v1beta1", "ServiceSet", "servicesets", true);

    public string Name => "scale";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("FLEET_BENCH_CLUSTERS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 10_000;
        using var folder = new TemporaryFolder("bench-scale");
        await using var api = await EmbeddedProcess.StartAsync(simulated: true);
        await using var repository = await HelmHttpRepository.StartAsync();
        var charts = Path.Combine(TestLogs.RepositoryRoot, "deploy", "catalog", "charts");
        await repository.AddAsync(Path.Combine(charts, "simulated-standalone-cp-0.1.0"));
        await repository.AddAsync(Path.Combine(charts, "simple-nginx"));
        using var client = KubernetesClient.Create(KubeConfig.Parse(await File.ReadAllTextAsync(api.KubeconfigPath, ct), "bench").Endpoint());
        await using var fleet = await ManagedFleet.PrepareAsync(client, repository.Address, ct);
        await fleet.PrepareServicesAsync(ct);
        var (_, bare) = await BareHelm.EachAsync(api.KubeconfigPath, Path.Combine(charts, "simple-nginx"), BareReleases, ct);

        var results = new List<BenchResult> { await WritesAsync(client, ct) };
        await using (var managers = await ManagerReplicas.StartAsync(api, folder))
        {
            await managers.UntilSharedAsync(ct);
            var empty = managers.Resident;
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                await fleet.DeclareAsync(i, ct, Services);
            await fleet.UntilReadyAsync(count, Patience, ct);
            await UntilDeployedAsync(client, count, ct);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            results.Add(new($"scale/{count} clusters with {Services} services each, from apply to all deployed", seconds, "s", bare * count * (1 + Services), seconds / (bare * count * (1 + Services)), "-", true));
            results.AddRange(await IdleAsync(managers, api, empty, count, ct));
            using var silence = new SilentServer();
            await SilenceAsync(client, silence, count, ct);
            results.Add(await ChangesAsync(fleet, count, ct));
        }
        results.AddRange(await RestartAsync(api, folder, count, ct));
        return results;
    }

    private static async Task<IReadOnlyList<BenchResult>> IdleAsync(ManagerReplicas managers, EmbeddedProcess api, double empty, int count, CancellationToken ct)
    {
        await Task.Delay(Settling, TimeProvider.System, ct);
        var (own, helm, apiCpu) = (managers.OwnCpu, managers.HelmCpu, ProcessUse.Of(api.Id).Own);
        await Task.Delay(Watching, TimeProvider.System, ct);
        var idle = (managers.OwnCpu - own) / Watching.TotalSeconds * 100;
        var each = (managers.Resident - empty) * 1024 / count;
        return
        [
            new("scale/idle, all six managers", idle, "% of core", null, null, $"<= {MostIdlePercent} % (10,000 clusters)", idle <= MostIdlePercent),
            new("scale/idle, helm", managers.HelmCpu - helm, "cpu-s", null, null, "<= 0", managers.HelmCpu - helm <= 0),
            new("scale/idle, API and simulation", (ProcessUse.Of(api.Id).Own - apiCpu) / Watching.TotalSeconds * 100, "% of core", null, null, "-", true),
            new("scale/memory of a cluster, in all six managers together", each, "KiB", null, null, $"<= {MostKibibytes} KiB", each <= MostKibibytes),
            new("scale/memory of all six managers", managers.Resident, "MiB", empty, managers.Resident / empty, "-", true),
        ];
    }

    /// <summary>One cluster in a hundred is at an address that takes connections and never answers.</summary>
    private static async Task SilenceAsync(IKubernetesClient client, SilentServer silence, int count, CancellationToken ct)
    {
        for (var i = count - Math.Max(1, count / 100); i < count; i++)
        {
            var key = new ObjectKey(ManagedFleet.Namespace, $"{ManagedFleet.NameOf(i)}-kubeconfig");
            var secret = await client.Resource(CoreTypes.Secrets).GetAsync(key, ct) ?? throw new InvalidOperationException($"there is no Secret {key}");
            var text = Encoding.UTF8.GetString(secret.Data!["value"]);
            var changed = System.Text.RegularExpressions.Regex.Replace(text, "server: .*", $"server: https://127.0.0.1:{silence.Port}");
            await client.Resource(CoreTypes.Secrets).PatchAsync(key, Patch.Merge(new JsonObject { ["stringData"] = new JsonObject { ["value"] = changed } }), new() { FieldManager = "bench" }, ct);
        }
        // The connections that stand are given up, and the silence is noticed.
        await Task.Delay(Settling, TimeProvider.System, ct);
    }

    private static async Task<BenchResult> ChangesAsync(ManagedFleet fleet, int count, CancellationToken ct)
    {
        var times = new List<double>();
        for (var i = 0; i < Math.Min(Changes, count - Math.Max(1, count / 100)); i++)
            times.Add((await fleet.ScaleAsync(i, 3, ct)).TotalMilliseconds);
        times.Sort();
        var last = times[(int)Math.Ceiling(times.Count * 0.99) - 1];
        return new($"scale/change to first CAPI write, P99 (n={times.Count}), 1 % of the clusters silent", last, "ms", times[times.Count / 2], last / times[times.Count / 2], $"<= {MostChangeMilliseconds} ms", last <= MostChangeMilliseconds);
    }

    private static async Task<IReadOnlyList<BenchResult>> RestartAsync(EmbeddedProcess api, TemporaryFolder folder, int count, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        await using var managers = await ManagerReplicas.StartAsync(api, folder);
        while (await managers.ReconciledAsync("cluster-manager", "clusterdeployment", ct) < count || await managers.ReconciledAsync("state-manager", "serviceset", ct) < count)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(30))
                throw new TimeoutException("not every cluster was looked at after the restart");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
        }
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return [new("scale/restart of all replicas until in step", seconds, "s", null, null, $"<= {MostRestartSeconds} s (10,000 clusters)", seconds <= MostRestartSeconds)];
    }

    /// <summary>Durable: the answer comes after the fsync. As many writers at once as a busy manager has.</summary>
    private static async Task<BenchResult> WritesAsync(IKubernetesClient client, CancellationToken ct)
    {
        var maps = client.Resource(CoreTypes.ConfigMaps);
        await Parallel.ForAsync(0, 64, ct, async (i, stop) => await maps.CreateAsync(new() { Metadata = new() { Name = $"w{i}", Namespace = ManagedFleet.Namespace } }, stop));
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = ct }, async (i, stop) =>
        {
            for (var n = 0; n < Writes / 64; n++)
                await maps.PatchAsync(new(ManagedFleet.Namespace, $"w{i}"), Patch.Merge(new JsonObject { ["data"] = new JsonObject { ["n"] = $"{n}" } }), new() { FieldManager = "bench" }, stop);
        });
        var rate = Writes / 64 * 64 / Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new("scale/durable changes of state", rate, "writes/s", null, null, $">= {LeastWrites}/s", rate >= LeastWrites);
    }

    private static async Task UntilDeployedAsync(IKubernetesClient client, int count, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var sets = await client.Dynamic(ServiceSets).ListAsync(new() { Namespace = ManagedFleet.Namespace }, ct);
            var deployed = sets.Items.Count(set => set.At("status", "deployed")?.GetValue<bool>() == true && (long?)set.At("status", "observedGeneration") == set.Metadata.Generation);
            if (deployed == count)
                return;
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"{deployed} of {count} ServiceSets were deployed after {Patience.TotalMinutes:0} minutes");
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, ct);
        }
    }
}
