using System.Diagnostics;
using System.Globalization;
using Fleet.Bench.Runner;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.Bench.Ownership;

/// <summary>
/// Three replicas over kube-apiserver with etcd and sixty clusters; one after the other is killed (<c>kill -9</c>), then frozen: how long until the last of its clusters has been
/// written by another. Beside it, in the same run: a bare write of a Lease, of which a move needs at least four. FLEET_BENCH_KILLS and FLEET_BENCH_FREEZES set how often.
/// </summary>
internal sealed class Failover : IBenchmark
{
    private const int Clusters = 60;
    private const double MostKillMilliseconds = 2_000;
    private const double MostFreezeMilliseconds = 10_000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Replicas = ["a", "b", "c"];

    public string Name => "ownership-failover";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        var server = await ApiServers.SharedAsync("kube-apiserver");
        using var client = KubernetesClient.Create(KubeConfig.FollowEndpoint(server.KubeconfigPath, null));
        await using var fleet = new CountedClusters(server, client, "failover");
        await fleet.CreateAsync(Clusters, ct);
        foreach (var replica in Replicas)
            await fleet.StartAsync(replica);
        await UntilSharedAsync(fleet, "three replicas share the clusters", ct);
        var bare = await BareWritesAsync(client, 200, ct);

        List<double> kills = [], freezes = [];
        for (var i = 0; i < Number("FLEET_BENCH_KILLS", 100); i++)
        {
            var victim = Replicas[i % Replicas.Length];
            kills.Add(await UntilTakenAsync(fleet, victim, () => fleet.KillAsync(victim), ct));
            await fleet.StartAsync(victim);
            await UntilSharedAsync(fleet, $"{victim} gets its part back", ct);
        }
        for (var i = 0; i < Number("FLEET_BENCH_FREEZES", 10); i++)
        {
            var victim = Replicas[i % Replicas.Length];
            freezes.Add(await UntilTakenAsync(fleet, victim, () => SignalAsync(fleet.ProcessOf(victim), "STOP", ct), ct));
            await SignalAsync(fleet.ProcessOf(victim), "CONT", ct);
            await UntilSharedAsync(fleet, $"{victim} gets its part back", ct);
        }
        return
        [
            Row("kill -9 to all of its clusters written by others, median", kills, 0.5, bare, "-", double.MaxValue),
            Row("kill -9 to all of its clusters written by others, P99", kills, 0.99, bare, $"<= {MostKillMilliseconds} ms", MostKillMilliseconds),
            Row("freeze to all of its clusters written by others, median", freezes, 0.5, bare, "-", double.MaxValue),
            Row("freeze to all of its clusters written by others, longest", freezes, 1, bare, $"<= {MostFreezeMilliseconds} ms", MostFreezeMilliseconds),
        ];
    }

    private static BenchResult Row(string what, List<double> times, double quantile, List<double> bare, string target, double most)
    {
        var (value, beside) = (Quantile(times, quantile), Quantile(bare, quantile));
        return new($"ownership-failover/{what} (n={times.Count})", value, "ms", beside, value / beside, target, value <= most);
    }

    /// <summary>Every replica has at least a sixth of the clusters: half of the even share.</summary>
    private static bool IsShared(CountedClusters fleet) =>
        Parts(fleet) is var parts && Replicas.All(r => parts.GetValueOrDefault(r) >= Clusters / 6);

    private static Dictionary<string, int> Parts(CountedClusters fleet) => fleet.Look().Values.GroupBy(w => w.Replica).ToDictionary(g => g.Key, g => g.Count());

    private static async Task<double> UntilTakenAsync(CountedClusters fleet, string victim, Func<Task> fault, CancellationToken ct)
    {
        var owned = fleet.Look().Where(w => w.Value.Replica == victim).Select(w => w.Key).ToList();
        await fault();
        var began = Stopwatch.GetTimestamp();
        await UntilAsync(() => fleet.Look() is var now && owned.All(cluster => now[cluster].Replica != victim), $"the clusters of {victim} have another owner", ct);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<List<double>> BareWritesAsync(IKubernetesClient client, int count, CancellationToken ct)
    {
        var leases = client.Resource(CoreTypes.Leases);
        var lease = await leases.CreateAsync(new() { Metadata = new() { Name = "bare", Namespace = "failover" }, Spec = new() { HolderIdentity = "bare" } }, ct);
        var times = new List<double>();
        for (var i = 0; i < count; i++)
        {
            lease.Spec.LeaseTransitions = i;
            var began = Stopwatch.GetTimestamp();
            lease = await leases.UpdateAsync(lease, ct);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return times;
    }

    private static async Task UntilSharedAsync(CountedClusters fleet, string what, CancellationToken ct)
    {
        try
        {
            await UntilAsync(() => IsShared(fleet), what, ct);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; clusters: {string.Join(", ", Parts(fleet).Select(part => $"{part.Key} {part.Value}"))}", e);
        }
    }

    private static async Task UntilAsync(Func<bool> there, string what, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (!there())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"not within {Patience}: {what}");
            await Task.Delay(Look, TimeProvider.System, ct);
        }
    }

    private static async Task SignalAsync(int process, string signal, CancellationToken ct)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync(ct);
    }

    private static double Quantile(List<double> times, double quantile) => times.Order().ElementAt(Math.Clamp((int)Math.Ceiling(times.Count * quantile) - 1, 0, times.Count - 1));

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
