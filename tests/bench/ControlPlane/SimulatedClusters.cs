using System.Diagnostics;
using System.Globalization;
using Fleet.Bench.Runner;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Simulation;

namespace Fleet.Bench.ControlPlane;

/// <summary>
/// Starts simulated clusters of three nodes each and waits until nothing is left to do: nodes ready, system pods running.
/// The number can be set by FLEET_BENCH_CLUSTERS. Memory is the growth of the managed heap after a full collection, and of the resident set.
/// </summary>
internal sealed class SimulatedClusters : IBenchmark
{
    private const int Nodes = 3;

    public string Name => "simulated-clusters";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("FLEET_BENCH_CLUSTERS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 1_000;
        var clock = TimeProvider.System;
        var registry = ClusterFactory.InMemory(clock);
        await using var simulation = await FleetSimulation.StartAsync(registry, new() { Timings = SimulationTimings.Instant }, clock, null, ct);
        // One cluster first: what is compiled and shared is not a cluster's cost.
        await simulation.StartClusterAsync("warm-up", Nodes, ct);
        await QuietAsync(simulation, ct);
        var (heap, resident) = Memory();

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
            await simulation.StartClusterAsync($"cluster-{i}", Nodes, ct);
        await QuietAsync(simulation, ct);
        var seconds = watch.Elapsed.TotalSeconds;

        // The compiler and the collector catch up first; only what goes on for ever counts as idle work.
        await Task.Delay(TimeSpan.FromSeconds(5), clock, ct);
        var idle = Process.GetCurrentProcess().TotalProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(5), clock, ct);
        var idleShare = (Process.GetCurrentProcess().TotalProcessorTime - idle).TotalSeconds / 5 * 100;
        var (heapAfter, residentAfter) = Memory();
        var round = Stopwatch.StartNew();
        var metrics = FleetSimulation.Metrics(clock);
        for (var i = 0; i < count; i++)
        {
            var cluster = registry.Find($"cluster-{i}")!;
            for (var n = 0; n < Nodes; n++)
                _ = metrics.Kubelet(cluster, $"cluster-{i}-{n}", "metrics/resource", onlyCpuAndMemory: false) ?? throw new InvalidOperationException("a kubelet does not answer");
        }
        round.Stop();
        var each = (heapAfter - heap) / 1024d / count;
        var residentEach = (residentAfter - resident) / 1024d / count;
        // What a cluster has in common with the first one is there once for all of them.
        var shared = registry.FindCluster("warm-up")!.Store.Tables.SelectMany(t => t.State.Range(null)).ToHashSet(ReferenceEqualityComparer.Instance);
        var objects = registry.FindCluster("cluster-0")!.Store.Tables.SelectMany(t => t.State.Range(null))
            .Where(o => !shared.Contains(o)).Sum(o => o.Json.Length) / 1024d;
        return
        [
            new($"{count} simulated clusters of {Nodes} nodes", seconds, "s", null, null, "<= 60 s", seconds <= 60),
            new("heap of a simulated cluster", each, "KiB", null, null, "<= 100 KiB", each <= 100),
            new("of that, the JSON of its own objects", objects, "KiB", null, null, "<= 60 KiB", objects <= 60),
            new("resident memory of a simulated cluster", residentEach, "KiB", null, null, "<= 100 KiB", residentEach <= 100),
            new("/metrics/resource of a kubelet, without HTTP", round.Elapsed.TotalMilliseconds / count / Nodes, "ms", null, null, "<= 1 ms", round.Elapsed.TotalMilliseconds / count / Nodes <= 1),
            new("idle CPU of all simulated clusters", idleShare, "% of core", null, null, "<= 5 %", idleShare <= 5),
        ];
    }

    /// <summary>
    /// Pods that found no room yet look again after a second, so quiet means: nothing runs, and nothing waits for a time that is near
    /// (deadlines of rollouts wait for ten minutes).
    /// </summary>
    private static async Task QuietAsync(FleetSimulation simulation, CancellationToken ct)
    {
        await simulation.WhenIdle();
        while (simulation.Scheduler.NextDue < TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(10))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
            await simulation.WhenIdle();
        }
    }

    private static (long Heap, long Resident) Memory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64);
    }
}
