using System.Diagnostics;
using Fleet.Bench.Runner;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Bench.Up;

/// <summary>
/// From <c>fleet up</c> on an empty folder to the sample cluster Ready with its service Deployed, as a user types it. Beside it: starting a real
/// kube-apiserver with etcd and installing the same two charts with bare helm, which makes neither a database nor a cluster.
/// </summary>
internal sealed class UpToDeployed : IBenchmark
{
    private const double TargetSeconds = 45;

    public string Name => "up";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        using var folder = new TemporaryFolder("bench-up");
        var data = folder.File("data");
        try
        {
            var began = Stopwatch.GetTimestamp();
            await FleetAsync(data, "up", ct);
            var up = Stopwatch.GetElapsedTime(began);
            await FleetAsync(data, "demo", ct);
            var whole = Stopwatch.GetElapsedTime(began);
            var bare = await BareAsync(ct);
            return
            [
                Result("up/ready", up, bare),
                Result("up/deployed", whole, bare),
            ];
        }
        finally
        {
            await FleetAsync(data, "down", CancellationToken.None);
        }
    }

    private static BenchResult Result(string name, TimeSpan ours, TimeSpan bare) => new(
        name, ours.TotalSeconds, "s", bare.TotalSeconds, ours / bare, $"<= {TargetSeconds} s", ours.TotalSeconds <= TargetSeconds);

    private static async Task<TimeSpan> BareAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        await using var server = await RealApiServer.StartAsync();
        var chart = Path.Combine(TestLogs.RepositoryRoot, "deploy", "catalog", "charts", "simple-nginx");
        foreach (var release in new[] { "cluster", "nginx-web" })
            (await ProcessOutput.RunAsync(RealParts.Helm3.Path,
                ["upgrade", "--install", release, chart, "-n", "apps", "--create-namespace", "--kubeconfig", server.KubeconfigPath], ct: ct)).MustSucceed();
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>What <c>./fleet</c> starts; the plain build where nobody has called that yet.</summary>
    private static string Cli => Path.Combine(TestLogs.RepositoryRoot, "artifacts", "ready", "fleet.dll") is var ready && File.Exists(ready)
        ? ready
        : Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Cli", "release", "fleet.dll");

    private static async Task FleetAsync(string data, string verb, CancellationToken ct) =>
        (await ProcessOutput.RunAsync("dotnet",
            [Cli, verb, "--data", data],
            timeout: TimeSpan.FromMinutes(5), ct: ct)).MustSucceed();
}
