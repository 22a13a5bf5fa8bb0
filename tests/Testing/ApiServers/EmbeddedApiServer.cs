using System.Text.Json.Nodes;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Simulation;
using Fleet.Testing.Processes;

namespace Fleet.Testing.ApiServers;

/// <summary>
/// The embedded API server with an in-memory management cluster: the same surface as <see cref="RealApiServer"/>, inside the test process.
/// The simulation plays the controller manager; as beside the real server, there is no node, so pods stay pending.
/// </summary>
public sealed class EmbeddedApiServer : IApiServerFixture, IAsyncDisposable
{
    private static readonly Lazy<Task<EmbeddedApiServer>> Shared = new(() => StartAsync());
    private static readonly Lazy<Task<EmbeddedApiServer>> Second = new(() => StartAsync());

    private readonly ControlPlaneHost _host;

    private EmbeddedApiServer(ControlPlaneHost host, FleetSimulation simulation, string version)
    {
        _host = host;
        Simulation = simulation;
        Version = version;
    }

    /// <inheritdoc />
    public string Name => "embedded";

    /// <inheritdoc />
    public string KubeconfigPath => _host.KubeconfigPath;

    /// <inheritdoc />
    public Uri Server => _host.Address;

    /// <inheritdoc />
    public string Version { get; }

    /// <inheritdoc />
    public bool IsWithoutNodes => true;

    /// <summary>The running server, for tests that look inside or add clusters.</summary>
    public ControlPlaneHost Host => _host;

    /// <summary>Its controllers; starts clusters with nodes, in which pods run.</summary>
    public FleetSimulation Simulation { get; }

    /// <summary>One server for all tests of this process, started at the first call; it ends with the process.</summary>
    public static Task<EmbeddedApiServer> SharedAsync() => Shared.Value;

    /// <summary>
    /// Another one, for scripts that have no counterpart on the real server: beside the compared ones they would be seen in what those list, and the names of
    /// their namespaces would meet.
    /// </summary>
    public static Task<EmbeddedApiServer> SecondAsync() => Second.Value;

    /// <summary>A server of the caller's own; by default in memory on a free port.</summary>
    public static async Task<EmbeddedApiServer> StartAsync(ControlPlaneOptions? options = null)
    {
        options ??= new ControlPlaneOptions();
        options = options with
        {
            Metrics = options.Metrics ?? FleetSimulation.Metrics(options.Clock),
            PodLogs = options.PodLogs ?? FleetSimulation.PodLogs(options.Clock),
        };
        var host = await ControlPlaneHost.StartAsync(options);
        var simulation = await FleetSimulation.StartAsync(
            host.Clusters, new SimulationOptions { Timings = SimulationTimings.Instant }, options.Clock, options.LoggerFactory, CancellationToken.None);
        var answer = await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", host.KubeconfigPath, "get", "--raw", "/version"]);
        var version = (string)JsonNode.Parse(answer.MustSucceed().Out)!["gitVersion"]!;
        TestLogs.NoteUsed($"embedded API server {version}");
        return new EmbeddedApiServer(host, simulation, version);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Simulation.DisposeAsync();
        await _host.DisposeAsync();
    }
}
