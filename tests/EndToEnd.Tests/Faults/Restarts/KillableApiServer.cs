using System.Diagnostics;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests.Faults.Restarts;

/// <summary>A management API that can be killed and comes back with its objects at its address.</summary>
internal interface IKillableApiServer : IAsyncDisposable
{
    string KubeconfigPath { get; }

    Task KillAsync();

    /// <summary>Returns when it answers.</summary>
    Task StartAgainAsync();
}

/// <summary>etcd and kube-apiserver; the latter is killed.</summary>
internal sealed class KillableRealServer(RealApiServer server) : IKillableApiServer
{
    public string KubeconfigPath => server.KubeconfigPath;

    public Task KillAsync() => server.KillAsync();

    public Task StartAgainAsync() => server.StartAgainAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

/// <summary>The embedded one with its durable store, as a process of its own.</summary>
internal sealed class KillableEmbeddedServer : IKillableApiServer
{
    private readonly TemporaryFolder folder = new("api");
    private readonly int port = FreePort.Next();
    private ServerProcess? process;

    public string KubeconfigPath => folder.File("data", "admin.kubeconfig");

    public static async Task<KillableEmbeddedServer> StartAsync()
    {
        var server = new KillableEmbeddedServer();
        await server.StartAgainAsync();
        return server;
    }

    public async Task KillAsync()
    {
        using (var running = Process.GetProcessById(process!.Id))
            running.Kill();
        await process.DisposeAsync();
        process = null;
    }

    public async Task StartAgainAsync()
    {
        process = await ServerProcess.StartAsync(
            "embedded-api", "dotnet",
            [Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "ControlPlaneProcess", "release", "Fleet.ControlPlaneProcess.dll"), folder.File("data"), $"{port}"]);
        var log = process.LogPath;
        await process.WaitUntilAsync(
            async ct =>
            {
                await using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var reader = new StreamReader(stream);
                return (await reader.ReadToEndAsync(ct)).Contains("ready", StringComparison.Ordinal);
            },
            TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        folder.Dispose();
    }
}
