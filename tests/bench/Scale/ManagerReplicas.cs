using Fleet.Bench.ControlPlane;
using Fleet.Bench.Processes;
using Fleet.Testing;

namespace Fleet.Bench.Scale;

/// <summary>Three replicas of ClusterManager and of StateManager, as processes over one management API.</summary>
internal sealed class ManagerReplicas : IAsyncDisposable
{
    private readonly List<(string Service, FleetProgram Program)> running = [];

    public double OwnCpu => running.Sum(one => one.Program.Use.Own);

    public double HelmCpu => running.Sum(one => one.Program.Use.Children);

    public double Resident => running.Sum(one => one.Program.Use.Resident);

    public static async Task<ManagerReplicas> StartAsync(EmbeddedProcess api, TemporaryFolder folder)
    {
        var all = new ManagerReplicas();
        var started = await Task.WhenAll(
            from name in (string[])["a", "b", "c"]
            from service in (string[])["cluster-manager", "state-manager"]
            select StartAsync(api, folder, service, $"{service}-{name}"));
        all.running.AddRange(started);
        return all;
    }

    /// <summary>Reconciles of the controller that have ended, in all replicas of the service.</summary>
    public async Task<double> ReconciledAsync(string service, string controller, CancellationToken ct)
    {
        var sum = 0.0;
        foreach (var (_, program) in running.Where(one => one.Service == service))
            sum += await program.MetricAsync($"fleet_reconcile_outcomes_total{{controller=\"{controller}\"", ct);
        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, program) in running)
            await program.DisposeAsync();
    }

    private static async Task<(string, FleetProgram)> StartAsync(EmbeddedProcess api, TemporaryFolder folder, string service, string replica)
    {
        var isClusters = service == "cluster-manager";
        var data = folder.File(replica);
        Dictionary<string, string?> settings = isClusters
            ? new() { ["kubeconfig"] = api.KubeconfigPath, ["data"] = data, ["helm"] = RealParts.Helm3.Path }
            : new() { ["StateManager__Kubeconfig"] = api.KubeconfigPath, ["StateManager__Folder"] = data, ["StateManager__Helm"] = RealParts.Helm3.Path };
        return (service, await FleetProgram.StartAsync(
            isClusters ? "Fleet.ClusterManager.dll" : "Fleet.StateManager.dll", settings, $"--replica={replica}", "--replica-namespace=kcm-system", "--replica-address=127.0.0.1"));
    }
}
