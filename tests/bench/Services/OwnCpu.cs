using Fleet.Bench.Runner;

namespace Fleet.Bench.Services;

/// <summary>
/// CPU time that StateManager itself uses (a process of its own, without its helm children) to bring 50 services to Deployed in 10 simulated clusters.
/// Beside it, in the same run: 50 times <c>helm upgrade --install</c> of the same chart in 10 other clusters.
/// </summary>
internal sealed class OwnCpu : IBenchmark
{
    private const int Clusters = 10;
    private const int PerCluster = 5;
    private const double Target = 0.25;

    /// <summary>One for the new set, one for what the rollouts of the cluster reported meanwhile, and as much again for chance.</summary>
    private const int Reconciles = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public string Name => "services";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        await using var fleet = await ServiceFleet.StartAsync(ct);
        var (bare, _) = await fleet.BareAsync(Clusters, PerCluster, ct);
        await using var manager = await fleet.ManagerAsync();
        var started = manager.Use.Own;
        for (var i = 0; i < Clusters; i++)
        {
            await fleet.StartClusterAsync(i, ct);
            await fleet.DeclareAsync(i, PerCluster, null, ct);
        }

        await fleet.UntilDeployedAsync(Clusters, Patience, ct);
        var own = manager.Use.Own;
        var reconciles = await manager.MetricAsync("fleet_reconcile_outcomes_total{controller=\"serviceset\"", ct) / Clusters;
        return
        [
            new("services/own-cpu", own, "cpu-s", bare, own / bare, $"ratio <= {Target}", own / bare <= Target),
            new("services/own-cpu-after-start", own - started, "cpu-s", bare, (own - started) / bare, $"ratio <= {Target}", (own - started) / bare <= Target),
            new("services/reconciles-per-set", reconciles, "reconciles", null, null, $"<= {Reconciles}", reconciles <= Reconciles),
        ];
    }
}
