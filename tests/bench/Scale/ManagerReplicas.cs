using Fleet.Bench.ControlPlane;
using Fleet.Bench.Processes;
using Fleet.Testing;

namespace Fleet.Bench.Scale;

/// <summary>Three replicas of ClusterManager and of StateManager, as processes over one management API.</summary>
internal sealed class ManagerReplicas : IAsyncDisposable
{
    private const int AllSlots = 512;

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

    /// <summary>Until the slots of both services are all held.</summary>
    public async Task UntilSharedAsync(CancellationToken ct)
    {
        while (await SumAsync("cluster-manager", "fleet_ownership_slots", ct) < AllSlots || await SumAsync("state-manager", "fleet_ownership_slots", ct) < AllSlots)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
    }

    /// <summary>Reconciles of the controller that have ended, in all replicas of the service.</summary>
    public Task<double> ReconciledAsync(string service, string controller, CancellationToken ct) =>
        SumAsync(service, $"fleet_reconcile_outcomes_total{{controller=\"{controller}\"", ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, program) in running)
            await program.DisposeAsync();
    }

    private async Task<double> SumAsync(string service, string series, CancellationToken ct) =>
        (await Task.WhenAll(running.Where(one => one.Service == service).Select(one => one.Program.MetricAsync(series, ct)))).Sum();

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
