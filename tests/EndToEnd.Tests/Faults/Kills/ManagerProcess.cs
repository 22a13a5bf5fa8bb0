using System.Diagnostics;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests.Faults.Kills;

/// <summary>One of Fleet's services as a process of its own, which can be killed and started again. What it and its helm leave lies in folders of its own.</summary>
/// <param name="service">For instance <c>ClusterManager</c>.</param>
/// <param name="arguments">Its settings, given a folder for data and one for secrets.</param>
internal sealed class ManagerProcess(string service, Func<string, string, IReadOnlyList<string>> arguments) : IAsyncDisposable
{
    private static readonly HttpClient Probe = new();

    private readonly TemporaryFolder folder = new("manager");
    private readonly int port = FreePort.Next();
    private ServerProcess? process;

    public static ManagerProcess OfClusters(string kubeconfig) => new(
        "ClusterManager", (data, secrets) => ["--kubeconfig", kubeconfig, "--data", data, "--secrets", secrets, "--helm", RealParts.Helm3.Path]);

    public static ManagerProcess OfServices(string kubeconfig) => new(
        "StateManager",
        (data, secrets) =>
        [
            "--StateManager:Kubeconfig", kubeconfig, "--StateManager:Folder", data, "--StateManager:SecretsFolder", secrets, "--StateManager:Helm", RealParts.Helm3.Path,
            "--StateManager:Kubectl", RealParts.Kubectls[0].Path,
        ]);

    public async Task StartAsync()
    {
        foreach (var name in (string[])["tmp", "secrets"])
            Directory.CreateDirectory(folder.File(name));
        process = await ServerProcess.StartAsync(
            service, "dotnet",
            [
                Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", service, "release", $"Fleet.{service}.dll"),
                .. arguments(folder.File("data"), folder.File("secrets")), "--urls", $"http://127.0.0.1:{port}", "--Logging:LogLevel:Default=Warning",
            ],
            new Dictionary<string, string?> { ["TMPDIR"] = folder.File("tmp"), ["FLEET_BREAKER_SHARE"] = "1", ["DOTNET_EnableDiagnostics"] = "0" });
    }

    /// <summary>Until it has seen everything and reconciles.</summary>
    public Task ReadyAsync() => process!.WaitUntilAsync(
        async ct => (await Probe.GetAsync(new Uri($"http://127.0.0.1:{port}/readyz"), ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(60));

    /// <summary>kill -9 of the manager alone: a helm that it has started goes on without it.</summary>
    public async Task KillAsync()
    {
        using (var running = Process.GetProcessById(process!.Id))
            running.Kill();
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>SIGTERM, and its end.</summary>
    public async Task StopAsync()
    {
        (await ProcessOutput.RunAsync("kill", ["-TERM", $"{process!.Id}"])).MustSucceed();
        await FaultFleet.UntilAsync(() => process.HasExited, "the manager stops");
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Files and processes that are there although nobody needs them: everything but the cache, when the manager is down.</summary>
    public IReadOnlyList<string> Leftovers()
    {
        var files = new[] { "tmp", "secrets" }.SelectMany(name => Directory.EnumerateFileSystemEntries(folder.File(name), "*", SearchOption.AllDirectories))
            .Concat(Directory.Exists(folder.File("data")) ? Directory.EnumerateFiles(folder.File("data"), ".new-*", SearchOption.AllDirectories) : []);
        var processes = Directory.EnumerateDirectories("/proc").Where(entry => int.TryParse(Path.GetFileName(entry), out _)).Where(WorksHere);
        return [.. files, .. processes];
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        folder.Dispose();
    }

    private bool WorksHere(string entry)
    {
        try
        {
            return new FileInfo(Path.Combine(entry, "cwd")).LinkTarget?.StartsWith(folder.FullPath, StringComparison.Ordinal) == true
                || File.ReadAllText(Path.Combine(entry, "cmdline")).Contains(folder.FullPath, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended while we looked.
            return false;
        }
    }
}
