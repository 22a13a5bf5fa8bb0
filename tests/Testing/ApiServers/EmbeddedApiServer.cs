using System.Text.Json.Nodes;
using Fleet.ControlPlane.Hosting;
using Fleet.Testing.Processes;

namespace Fleet.Testing.ApiServers;

/// <summary>The embedded API server with an in-memory management cluster: the same surface as <see cref="RealApiServer"/>, inside the test process.</summary>
public sealed class EmbeddedApiServer : IApiServerFixture, IAsyncDisposable
{
    private static readonly Lazy<Task<EmbeddedApiServer>> Shared = new(() => StartAsync());

    private readonly ControlPlaneHost _host;

    private EmbeddedApiServer(ControlPlaneHost host, string version)
    {
        _host = host;
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

    /// <summary>One server for all tests of this process, started at the first call; it ends with the process.</summary>
    public static Task<EmbeddedApiServer> SharedAsync() => Shared.Value;

    /// <summary>A server of the caller's own; by default in memory on a free port.</summary>
    public static async Task<EmbeddedApiServer> StartAsync(ControlPlaneOptions? options = null)
    {
        var host = await ControlPlaneHost.StartAsync(options ?? new ControlPlaneOptions());
        var answer = await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", host.KubeconfigPath, "get", "--raw", "/version"]);
        var version = (string)JsonNode.Parse(answer.MustSucceed().Out)!["gitVersion"]!;
        TestLogs.NoteUsed($"embedded API server {version}");
        return new EmbeddedApiServer(host, version);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
