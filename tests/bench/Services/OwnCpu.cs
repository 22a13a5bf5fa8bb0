using System.Diagnostics;
using System.Text.Json.Nodes;
using Fleet.Bench.Processes;
using Fleet.Bench.Runner;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Simulation;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

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
    private const string Ns = "bench";

    /// <summary>One for the new set, one for what the rollouts of the cluster reported meanwhile, and as much again for chance.</summary>
    private const int Reconciles = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly ResourceKind ServiceSets = new("k0rdent.mirantis.com", "v1beta1", "ServiceSet", "servicesets", true);

    public string Name => "services";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        using var folder = new TemporaryFolder("bench-services");
        await using var host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions(), ct);
        await using var simulation = await FleetSimulation.StartAsync(host.Clusters, new SimulationOptions(), TimeProvider.System, null, ct);
        await using var repository = await HelmHttpRepository.StartAsync();
        var chart = Path.Combine(TestLogs.RepositoryRoot, "deploy", "catalog", "charts", "simple-nginx");
        await repository.AddAsync(chart);
        using var client = KubernetesClient.Create(KubeConfig.Parse(await File.ReadAllTextAsync(host.KubeconfigPath, ct), "bench").Endpoint());
        await PrepareAsync(client, repository.Address, ct);

        var bare = await BareAsync(host, simulation, folder, chart, ct);
        await using var manager = await FleetProgram.StartAsync("Fleet.StateManager.dll", new Dictionary<string, string?>
        {
            ["StateManager__Kubeconfig"] = host.KubeconfigPath,
            ["StateManager__Folder"] = folder.File("helm"),
            ["StateManager__Helm"] = RealParts.Helm3.Path,
        });
        var started = manager.Use.Own;
        for (var i = 0; i < Clusters; i++)
        {
            await simulation.StartClusterAsync($"c{i}", 2, ct);
            await AddClusterAsync(client, $"c{i}", host.Clusters.AdminKubeconfig($"c{i}"), ct);
        }
        await DeployedAsync(client, ct);
        var own = manager.Use.Own;
        var reconciles = await manager.MetricAsync("fleet_reconcile_outcomes_total{controller=\"serviceset\"", ct) / Clusters;
        return
        [
            new("services/own-cpu", own, "cpu-s", bare, own / bare, $"ratio <= {Target}", own / bare <= Target),
            new("services/own-cpu-after-start", own - started, "cpu-s", bare, (own - started) / bare, $"ratio <= {Target}", (own - started) / bare <= Target),
            new("services/reconciles-per-set", reconciles, "reconciles", null, null, $"<= {Reconciles}", reconciles <= Reconciles),
        ];
    }

    private static async Task<double> BareAsync(
        ControlPlaneHost host, FleetSimulation simulation, TemporaryFolder folder, string chart, CancellationToken ct)
    {
        var before = ProcessUse.Of(Environment.ProcessId).Children;
        for (var i = 0; i < Clusters; i++)
        {
            await simulation.StartClusterAsync($"bare{i}", 2, ct);
            var kubeconfig = folder.Write($"bare{i}.kubeconfig", host.Clusters.AdminKubeconfig($"bare{i}"));
            for (var s = 0; s < PerCluster; s++)
                (await ProcessOutput.RunAsync(
                    RealParts.Helm3.Path, ["upgrade", "--install", $"web-{s}", chart, "-n", "apps", "--create-namespace", "--kubeconfig", kubeconfig], ct: ct))
                    .MustSucceed();
        }
        return ProcessUse.Of(Environment.ProcessId).Children - before;
    }

    private static async Task PrepareAsync(IKubernetesClient client, Uri charts, CancellationToken ct)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(TestLogs.RepositoryRoot, "deploy", "crds")))
            foreach (var definition in KubernetesYaml.ReadAll(await File.ReadAllTextAsync(file, ct)))
                await ApplyAsync(client, definition, ct);
        await ApplyAsync(client, $"""
            apiVersion: v1
            kind: Namespace
            metadata:
              name: {Ns}
            """, ct);
        await ApplyAsync(client, $"""
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmRepository
            metadata:
              name: charts
              namespace: {Ns}
            spec:
              url: {charts}
            """, ct);
        await ApplyAsync(client, $"""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ServiceTemplate
            metadata:
              name: nginx
              namespace: {Ns}
            spec:
              helm:
                chartSpec:
                  chart: simple-nginx
                  version: 1.0.0
                  sourceRef:
                    kind: HelmRepository
                    name: charts
            """, ct);
    }

    private static async Task AddClusterAsync(IKubernetesClient client, string name, string kubeconfig, CancellationToken ct)
    {
        var services = new JsonArray();
        for (var s = 0; s < PerCluster; s++)
            services.Add(new JsonObject { ["name"] = $"web-{s}", ["namespace"] = "apps", ["template"] = "nginx" });
        await ApplyAsync(client, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = $"{name}-kubeconfig", ["namespace"] = Ns },
            ["stringData"] = new JsonObject { ["value"] = kubeconfig },
        }, ct);
        await ApplyAsync(client, new JsonObject
        {
            ["apiVersion"] = "k0rdent.mirantis.com/v1beta1",
            ["kind"] = "ServiceSet",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Ns },
            ["spec"] = new JsonObject { ["cluster"] = name, ["provider"] = new JsonObject(), ["services"] = services },
        }, ct);
    }

    private static async Task DeployedAsync(IKubernetesClient client, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var sets = await client.Dynamic(ServiceSets).ListAsync(new() { Namespace = Ns }, ct);
            var deployed = sets.Items.Count(s => s.At("status", "deployed")?.GetValue<bool>() == true);
            if (deployed == Clusters)
                return;
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"{deployed} of {Clusters} ServiceSets were deployed after {Patience.TotalMinutes:0} minutes");
            await Task.Delay(Interval, TimeProvider.System, ct);
        }
    }

    private static async Task ApplyAsync(IKubernetesClient client, string yaml, CancellationToken ct) =>
        await ApplyAsync(client, KubernetesYaml.ReadAll(yaml).Single(), ct);

    private static async Task ApplyAsync(IKubernetesClient client, JsonObject manifest, CancellationToken ct)
    {
        var wanted = GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
        ResourceKind? kind;
        while ((kind = await client.FindKindAsync(wanted, ct)) is null)
            await Task.Delay(Interval, TimeProvider.System, ct);
        await client.Dynamic(kind).ApplyAsync(manifest, new ApplyOptions("bench") { Force = true }, ct);
    }
}
