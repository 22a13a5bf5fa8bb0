using System.Diagnostics;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary>A fleet of its own for one test, handled as a user would: through the CLI, kubectl and helm, each as a process.</summary>
public sealed class Installation : IAsyncDisposable
{
    /// <summary>Of a command: longer than any of them waits by itself, so that it says what it waited for.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(6);

    private readonly TemporaryFolder folder = new("fleet-e2e");
    private readonly int apiPort = FreePort.Next();
    private readonly int restPort = FreePort.Next();
    private readonly string? data;
    private readonly string helm;

    /// <param name="data">Data folder; null takes one that is deleted afterwards.</param>
    /// <param name="helm">What FLEET_HELM names; null is a real helm 3.</param>
    public Installation(string? data = null, string? helm = null)
    {
        this.data = data;
        this.helm = helm ?? RealParts.Helm3.Path;
    }

    /// <summary>More variables for fleetd and the CLI.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public string Data => data ?? folder.File("data");

    public string Log => Path.Combine(Data, "logs", "fleetd.log");

    public string Kubeconfig => Path.Combine(Data, "kubeconfig");

    public string Samples => Path.Combine(TestLogs.RepositoryRoot, "deploy", "samples");

    public int ProcessId => int.Parse(File.ReadAllText(Path.Combine(Data, "run", "fleetd.pid")), System.Globalization.CultureInfo.InvariantCulture);

    public string Write(string name, string text) => folder.Write(name, text);

    /// <summary>Ports of its own, because several of these fleets start at once; a port that the test names wins.</summary>
    public async Task<ProcessOutput> FleetAsync(params string[] arguments)
    {
        string[] ports = arguments[0] is "up" or "demo" && !arguments.Contains("--api-port") ? ["--api-port", $"{apiPort}", "--rest-port", $"{restPort}"] : [];
        return await ProcessOutput.RunAsync("dotnet", [Cli, .. arguments, .. ports, "--data", Data], timeout: Longest, environment: CliEnvironment);
    }

    /// <summary>Exactly these arguments, with the data folder of this fleet.</summary>
    public async Task<ProcessOutput> FleetAsIsAsync(params string[] arguments) =>
        await ProcessOutput.RunAsync("dotnet", [Cli, .. arguments, "--data", Data], timeout: Longest, environment: CliEnvironment);

    /// <summary>kill -9 of fleetd; with the tree, of everything that it has started as well.</summary>
    public async Task KillAsync(bool tree = false)
    {
        using var daemon = Process.GetProcessById(ProcessId);
        daemon.Kill(tree);
        await daemon.WaitForExitAsync();
    }

    public async Task<ProcessOutput> KubectlAsync(string kubeconfig, params string[] arguments) =>
        await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", kubeconfig, .. arguments], timeout: Longest);

    public async Task<ProcessOutput> HelmAsync(string kubeconfig, params string[] arguments) =>
        await ProcessOutput.RunAsync(RealParts.Helm3.Path, [.. arguments, "--kubeconfig", kubeconfig], timeout: TimeSpan.FromMinutes(2));

    /// <summary>Writes the managed cluster's kubeconfig to a file, by the CLI.</summary>
    public async Task<string> KubeconfigOfAsync(string cluster, string? @namespace = null)
    {
        var file = folder.File($"{@namespace}-{cluster}.kubeconfig");
        string[] place = @namespace is null ? [] : ["-n", @namespace];
        (await FleetAsync(["kubeconfig", cluster, "-o", file, .. place])).MustSucceed();
        return file;
    }

    /// <summary>Applies the sample manifests and waits until the cluster is Ready and its service Deployed.</summary>
    public async Task ApplySamplesAsync()
    {
        // Three files, as a user would type them; nothing here is in the order of dependence.
        (await KubectlAsync(Kubeconfig, "apply", "-f", Path.Combine(Samples, "credential.yaml"))).MustSucceed();
        (await KubectlAsync(Kubeconfig, "apply", "-f", Path.Combine(Samples, "clusterdeployment.yaml"))).MustSucceed();
        (await KubectlAsync(Kubeconfig, "apply", "-f", Path.Combine(Samples, "servicetemplate.yaml"))).MustSucceed();
        await WaitReadyAsync();
    }

    public async Task WaitReadyAsync()
    {
        (await KubectlAsync(Kubeconfig, "wait", "--for=condition=Ready", "cld/mon-cluster-web", "-n", "mon-organisation", "--timeout=300s")).MustSucceed();
        (await KubectlAsync(Kubeconfig, "wait", "--for=jsonpath={.status.services[0].state}=Deployed", "cld/mon-cluster-web", "-n", "mon-organisation", "--timeout=300s")).MustSucceed();
    }

    public async ValueTask DisposeAsync()
    {
        var down = await FleetAsync("down");
        if (File.Exists(Log))
            File.Copy(Log, TestLogs.NewFile("fleetd"), overwrite: true);
        down.MustSucceed();
        folder.Dispose();
    }

    /// <summary>The program, for <c>dotnet</c>.</summary>
    public static string Cli => Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Cli", "release", "fleet.dll");

    private Dictionary<string, string?> CliEnvironment => new Dictionary<string, string?> { ["FLEET_HELM"] = helm, ["NO_COLOR"] = "1", ["FLEET_BREAKER_SHARE"] = "1" }.Concat(Environment).ToDictionary();
}
