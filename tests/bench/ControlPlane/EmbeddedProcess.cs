using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Simulation;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.Bench.ControlPlane;

/// <summary>The embedded API server in a process of its own, durable with fsync as in production, so that its memory and CPU are nobody else's.</summary>
internal sealed class EmbeddedProcess : IAsyncDisposable
{
    /// <summary>The argument that makes this program be that process instead of a run of benchmarks.</summary>
    public const string Verb = "serve-embedded-api-server";

    /// <summary>The second argument, when simulated infrastructure runs in it as well.</summary>
    private const string Simulated = "simulated";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _process;

    private EmbeddedProcess(TemporaryFolder folder, ServerProcess process)
    {
        _folder = folder;
        _process = process;
    }

    public int Id => _process.Id;

    public string KubeconfigPath => KubeconfigIn(_folder.FullPath);

    public static async Task<EmbeddedProcess> StartAsync(bool simulated = false)
    {
        var folder = new TemporaryFolder("bench-api-server");
        var program = typeof(EmbeddedProcess).Assembly.Location;
        var process = await ServerProcess.StartAsync("embedded-api-server", "dotnet", [program, Verb, folder.FullPath, .. simulated ? [Simulated] : Array.Empty<string>()]);
        await process.WaitUntilAsync(_ => Task.FromResult(File.Exists(KubeconfigIn(folder.FullPath))), StartLimit);
        return new EmbeddedProcess(folder, process);
    }

    /// <summary>Serves until the process is killed; the kubeconfig file appears when it answers.</summary>
    public static async Task ServeAsync(IReadOnlyList<string> arguments)
    {
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions { DataFolder = arguments[0] });
        if (arguments is [_, Simulated])
        {
            await using var simulation = await FleetSimulation.StartAsync(host.Clusters, new SimulationOptions(), TimeProvider.System, null, CancellationToken.None);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static string KubeconfigIn(string folder) => Path.Combine(folder, "admin.kubeconfig");
}
