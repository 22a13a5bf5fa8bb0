using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Bench.Processes;
using Fleet.Bench.Runner;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Bench.Services;

/// <summary>
/// A thousand releases on a hundred simulated clusters with real helm, drift corrected: how fast they come, what it costs, how fast a change of values and
/// a drifted object have their effect, and a restart. Beside it, in the same run: a plain loop of <c>helm upgrade --install</c>, and for drift a plain
/// watch that patches back. FLEET_BENCH_CLUSTERS sets the number of clusters.
/// </summary>
internal sealed class ThousandReleases : IBenchmark
{
    private const int PerCluster = 10;
    private const int BareClusters = 10;
    private const int Drifts = 20;
    private const double LeastRate = 4;
    private const double MostCpuRatio = 0.25;
    private const double MostChangeMilliseconds = 1_000;
    private const double MostDriftMilliseconds = 3_000;
    private const double MostRestartSeconds = 10;
    private const double MostMebibytes = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Watching = TimeSpan.FromSeconds(30);
    private static readonly ResourceKind Secrets = new("", "v1", "Secret", "secrets", true);
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    /// <summary>Of the last release of each cluster, which nothing else has made drift.</summary>
    private static readonly ObjectKey Asleep = new("apps", $"web-{PerCluster - 1}-simple-nginx");

    public string Name => "services-1000";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        var clusters = int.TryParse(Environment.GetEnvironmentVariable("FLEET_BENCH_CLUSTERS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 100;
        await using var fleet = await ServiceFleet.StartAsync(ct);
        var (bareCpu, bareSeconds) = await fleet.BareAsync(BareClusters, PerCluster, ct);
        for (var i = 0; i < clusters; i++)
            await fleet.StartClusterAsync(i, ct);
        var results = new List<BenchResult>();
        await using (var manager = await fleet.ManagerAsync())
        {
            results.AddRange(await InstallAsync(fleet, manager, clusters, bareCpu / BareClusters / PerCluster, bareSeconds / BareClusters / PerCluster, ct));
            results.AddRange(await SteadyAsync(manager, ct));
            results.AddRange(await ChangesAsync(fleet, clusters, ct));
            await fleet.UntilDeployedAsync(clusters, Patience, ct);
            results.AddRange(await DriftsAsync(fleet, clusters, ct));
            await Task.Delay(Settling, TimeProvider.System, ct);
        }

        results.AddRange(await RestartAsync(fleet, clusters, ct));
        return results;
    }

    private static async Task<IReadOnlyList<BenchResult>> InstallAsync(ServiceFleet fleet, FleetProgram manager, int clusters, double bareCpu, double bareSeconds, CancellationToken ct)
    {
        var releases = clusters * PerCluster;
        var before = manager.Use;
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < clusters; i++)
            await fleet.DeclareAsync(i, PerCluster, "ContinuousWithDriftDetection", ct);
        await fleet.UntilDeployedAsync(clusters, Patience, ct);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var after = manager.Use;
        var (rate, own) = (releases / seconds, (after.Own - before.Own) / releases);
        return
        [
            new("services-1000/rate", rate, "releases/s", 1 / bareSeconds, rate * bareSeconds, $">= {LeastRate}", rate >= LeastRate),
            new("services-1000/own CPU of a release", own, "cpu-s", bareCpu, own / bareCpu, $"ratio <= {MostCpuRatio}", own / bareCpu <= MostCpuRatio),
            new("services-1000/helm's CPU of a release", (after.Children - before.Children) / releases, "cpu-s", bareCpu, (after.Children - before.Children) / releases / bareCpu, "-", true),
            new("services-1000/peak memory", after.PeakResident, "MiB", null, null, "-", true),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> SteadyAsync(FleetProgram manager, CancellationToken ct)
    {
        await Task.Delay(Settling, TimeProvider.System, ct);
        var before = manager.Use;
        await Task.Delay(Watching, TimeProvider.System, ct);
        var after = manager.Use;
        return
        [
            new("services-1000/steady", (after.Own - before.Own) / Watching.TotalSeconds * 100, "% of core", null, null, "-", true),
            new("services-1000/steady, helm", after.Children - before.Children, "cpu-s", null, null, "<= 0", after.Children <= before.Children),
            new("services-1000/steady, memory", after.Resident, "MiB", null, null, $"<= {MostMebibytes} MiB", after.Resident <= MostMebibytes),
        ];
    }

    /// <summary>From the change of the declaration to helm's first trace in the cluster, one cluster after the other.</summary>
    private static async Task<IReadOnlyList<BenchResult>> ChangesAsync(ServiceFleet fleet, int clusters, CancellationToken ct)
    {
        var times = new List<double>();
        for (var i = 0; i < clusters; i++)
        {
            using var cluster = fleet.Connect(i);
            var list = await cluster.Metadata(Secrets).ListAsync(new() { Namespace = "apps" }, secret => secret.Metadata.Name ?? "", ct);
            var known = list.Items.ToHashSet();
            await using var watch = cluster.Metadata(Secrets).WatchAsync(new() { Namespace = "apps", ResourceVersion = list.ResourceVersion }, ct).GetAsyncEnumerator(ct);
            var began = Stopwatch.GetTimestamp();
            var next = watch.MoveNextAsync();
            await fleet.ChangeAsync(i, 3, ct);
            while (await next && !(watch.Current.Object.Metadata.Name is { } name && name.StartsWith("sh.helm.release.v1.web-0.", StringComparison.Ordinal) && !known.Contains(name)))
                next = watch.MoveNextAsync();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        var (median, last) = Of(times);
        return
        [
            new("services-1000/change of values to helm's first write, median", median, "ms", null, null, "-", true),
            new("services-1000/change of values to helm's first write, P99", last, "ms", null, null, $"<= {MostChangeMilliseconds} ms", last <= MostChangeMilliseconds),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> DriftsAsync(ServiceFleet fleet, int clusters, CancellationToken ct)
    {
        var (ours, plain) = (new List<double>(), new List<double>());
        for (var i = 0; i < Drifts; i++)
        {
            using var cluster = fleet.Connect(i % clusters);
            var replicas = cluster.Dynamic(Deployments);
            // Each object drifts once: one that drifts again and again is held back on purpose.
            ours.Add(await BackAsync(replicas, $"web-{1 + (i / clusters % (PerCluster - 1))}-simple-nginx", ct));
            await cluster.Dynamic(Deployments).ApplyAsync(Plain(), new ApplyOptions("bench") { Force = true }, ct);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var loop = PlainLoopAsync(replicas, stop.Token);
            plain.Add(await BackAsync(replicas, "plain", ct));
            await stop.CancelAsync();
            await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var ((median, last), (plainMedian, _)) = (Of(ours), Of(plain));
        return
        [
            new("services-1000/drift of an object corrected, median", median, "ms", plainMedian, median / plainMedian, "-", true),
            new("services-1000/drift of an object corrected, worst", last, "ms", null, null, $"<= {MostDriftMilliseconds} ms", last <= MostDriftMilliseconds),
        ];
    }

    /// <summary>Milliseconds until somebody has taken the number of replicas back.</summary>
    private static async Task<double> BackAsync(IResourceClient<DynamicObject> deployments, string name, CancellationToken ct)
    {
        var key = new ObjectKey("apps", name);
        var before = (int?)(await deployments.GetAsync(key, ct))!.At("spec", "replicas");
        var began = Stopwatch.GetTimestamp();
        await deployments.PatchAsync(key, Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 7 } }), PatchOptions.Default, ct);
        while ((int?)(await deployments.GetAsync(key, ct))!.At("spec", "replicas") != before)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                throw new TimeoutException($"nobody has taken the drift of {key} back");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ct);
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task PlainLoopAsync(IResourceClient<DynamicObject> deployments, CancellationToken ct)
    {
        await foreach (var seen in deployments.WatchAsync(new() { Namespace = "apps" }, ct))
            if (seen.Object.Metadata.Name == "plain" && (int?)seen.Object.At("spec", "replicas") != 1)
                await deployments.PatchAsync(seen.Object.Key, Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 1 } }), PatchOptions.Default, ct);
    }

    private static JsonObject Plain() => (JsonObject)JsonNode.Parse("""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"plain","namespace":"apps"},
         "spec":{"replicas":1,"selector":{"matchLabels":{"app":"plain"}},"template":{"metadata":{"labels":{"app":"plain"}},"spec":{"containers":[{"name":"c","image":"nginx"}]}}}}
        """)!;

    /// <summary>
    /// An object of each cluster drifts while nobody looks, and the manager is started: when all of them are corrected, every set was looked at, and down to its
    /// objects. Helm has no part in it.
    /// </summary>
    private static async Task<IReadOnlyList<BenchResult>> RestartAsync(ServiceFleet fleet, int clusters, CancellationToken ct)
    {
        var drifted = new List<(IKubernetesClient Client, int? Before)>();
        try
        {
            for (var i = 0; i < clusters; i++)
            {
                var client = fleet.Connect(i);
                drifted.Add((client, Replicas(await client.Dynamic(Deployments).GetAsync(Asleep, ct))));
                await client.Dynamic(Deployments).PatchAsync(Asleep, Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 7 } }), PatchOptions.Default, ct);
            }

            var began = Stopwatch.GetTimestamp();
            await using var manager = await fleet.ManagerAsync();
            var left = drifted.ToList();
            while (left.Count > 0)
            {
                if (Stopwatch.GetElapsedTime(began) > Patience)
                    throw new TimeoutException($"{left.Count} clusters were not looked at after the restart");
                foreach (var one in left.ToList())
                    if (Replicas(await one.Client.Dynamic(Deployments).GetAsync(Asleep, ct)) == one.Before)
                        left.Remove(one);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
            }

            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var helms = await manager.MetricAsync("fleet_helm_process_duration_seconds_count", ct);
            return
            [
                new("services-1000/restart until a drift in every cluster is corrected", seconds, "s", null, null, $"<= {MostRestartSeconds} s", seconds <= MostRestartSeconds),
                new("services-1000/restart, processes of helm", helms, "processes", null, null, "0", helms == 0),
                new("services-1000/restart, helm", manager.Use.Children, "cpu-s", null, null, "<= 0.2", manager.Use.Children <= 0.2),
            ];
        }
        finally
        {
            drifted.ForEach(one => one.Client.Dispose());
        }
    }

    private static int? Replicas(DynamicObject? deployment) => (int?)deployment?.At("spec", "replicas");

    private static (double Median, double Last) Of(List<double> times)
    {
        times.Sort();
        return (times[times.Count / 2], times[(int)Math.Ceiling(times.Count * 0.99) - 1]);
    }
}
