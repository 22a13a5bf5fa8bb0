using System.Diagnostics;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Simulation;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Bench.Processes;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Bench.Services;

/// <summary>A management API with simulated clusters in this process, a chart repository, and a ServiceSet of nginx services for each cluster.</summary>
internal sealed class ServiceFleet : IAsyncDisposable
{
    public const string Ns = "bench";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly ResourceKind ServiceSets = new("k0rdent.mirantis.com", "v1beta1", "ServiceSet", "servicesets", true);

    private readonly TemporaryFolder _folder = new("bench-services");
    private readonly ControlPlaneHost _host;
    private readonly FleetSimulation _simulation;
    private readonly HelmHttpRepository _repository;
    private readonly IKubernetesClient _client;

    private ServiceFleet(ControlPlaneHost host, FleetSimulation simulation, HelmHttpRepository repository)
    {
        (_host, _simulation, _repository) = (host, simulation, repository);
        _client = KubernetesClient.Create(KubeConfig.Parse(File.ReadAllText(host.KubeconfigPath), "bench").Endpoint());
    }

    private static string Chart => Path.Combine(TestLogs.RepositoryRoot, "deploy", "catalog", "charts", "simple-nginx");

    public static async Task<ServiceFleet> StartAsync(CancellationToken ct)
    {
        var host = await ControlPlaneHost.StartAsync(new ControlPlaneOptions(), ct);
        var simulation = await FleetSimulation.StartAsync(host.Clusters, new SimulationOptions(), TimeProvider.System, null, ct);
        var repository = await HelmHttpRepository.StartAsync();
        await repository.AddAsync(Chart);
        var fleet = new ServiceFleet(host, simulation, repository);
        await fleet.PrepareAsync(ct);
        return fleet;
    }

    public Task<FleetProgram> ManagerAsync() => FleetProgram.StartAsync("Fleet.StateManager.dll", new Dictionary<string, string?>
    {
        ["StateManager__Kubeconfig"] = _host.KubeconfigPath,
        ["StateManager__Folder"] = _folder.File("helm"),
        ["StateManager__Helm"] = RealParts.Helm3.Path,
    });

    /// <summary>What a script would do: one <c>helm upgrade --install</c> after the other. CPU of helm and time, both in seconds for all of it.</summary>
    public async Task<(double Cpu, double Seconds)> BareAsync(int clusters, int perCluster, CancellationToken ct)
    {
        var before = ProcessUse.Of(Environment.ProcessId).Children;
        var seconds = 0.0;
        for (var i = 0; i < clusters; i++)
        {
            await _simulation.StartClusterAsync($"bare{i}", 2, ct);
            var kubeconfig = _folder.Write($"bare{i}.kubeconfig", _host.Clusters.AdminKubeconfig($"bare{i}"));
            var began = Stopwatch.GetTimestamp();
            for (var s = 0; s < perCluster; s++)
                (await ProcessOutput.RunAsync(
                    RealParts.Helm3.Path, ["upgrade", "--install", $"web-{s}", Chart, "-n", "apps", "--create-namespace", "--kubeconfig", kubeconfig], ct: ct))
                    .MustSucceed();
            seconds += Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        return (ProcessUse.Of(Environment.ProcessId).Children - before, seconds);
    }

    /// <summary>A cluster that nobody has said anything about yet.</summary>
    public Task StartClusterAsync(int number, CancellationToken ct) => _simulation.StartClusterAsync($"c{number}", 2, ct);

    public IKubernetesClient Connect(int number) => KubernetesClient.Create(KubeConfig.Parse(_host.Clusters.AdminKubeconfig($"c{number}"), "bench").Endpoint());

    /// <param name="syncMode">Null for the default.</param>
    public async Task DeclareAsync(int number, int services, string? syncMode, CancellationToken ct)
    {
        await ApplyAsync(new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = $"c{number}-kubeconfig", ["namespace"] = Ns, ["labels"] = new JsonObject { ["cluster.x-k8s.io/cluster-name"] = $"c{number}" } },
            ["stringData"] = new JsonObject { ["value"] = _host.Clusters.AdminKubeconfig($"c{number}") },
        }, ct);
        await ApplyAsync(new()
        {
            ["apiVersion"] = "k0rdent.mirantis.com/v1beta1",
            ["kind"] = "ServiceSet",
            ["metadata"] = new JsonObject { ["name"] = $"c{number}", ["namespace"] = Ns },
            ["spec"] = new JsonObject
            {
                ["cluster"] = $"c{number}",
                ["provider"] = syncMode is null ? [] : new JsonObject { ["config"] = new JsonObject { ["syncMode"] = syncMode } },
                ["services"] = new JsonArray([.. Enumerable.Range(0, services).Select(s => new JsonObject { ["name"] = $"web-{s}", ["namespace"] = "apps", ["template"] = "nginx" })]),
            },
        }, ct);
    }

    /// <summary>Other values for the first service of a cluster.</summary>
    public Task ChangeAsync(int number, int replicas, CancellationToken ct) => _client.Dynamic(ServiceSets).PatchAsync(
        new(Ns, $"c{number}"),
        Patch.Json([new JsonObject { ["op"] = "add", ["path"] = "/spec/services/0/values", ["value"] = $"replicaCount: {replicas}" }]), PatchOptions.Default, ct);

    /// <summary>Until as many sets have everything deployed for the spec that they have now.</summary>
    public async Task UntilDeployedAsync(int count, TimeSpan patience, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var sets = await _client.Dynamic(ServiceSets).ListAsync(new() { Namespace = Ns }, ct);
            var deployed = sets.Items.Count(s => s.At("status", "deployed")?.GetValue<bool>() == true && (long?)s.At("status", "observedGeneration") == s.Metadata.Generation);
            if (deployed == count)
                return;
            if (Stopwatch.GetElapsedTime(began) > patience)
                throw new TimeoutException($"{deployed} of {count} ServiceSets were deployed after {patience.TotalMinutes:0} minutes");
            await Task.Delay(Interval, TimeProvider.System, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _repository.DisposeAsync();
        await _simulation.DisposeAsync();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private async Task PrepareAsync(CancellationToken ct)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(TestLogs.RepositoryRoot, "deploy", "crds")))
            foreach (var definition in KubernetesYaml.ReadAll(await File.ReadAllTextAsync(file, ct)))
                await ApplyAsync(definition, ct);
        foreach (var manifest in KubernetesYaml.ReadAll($$"""
            apiVersion: v1
            kind: Namespace
            metadata: { name: {{Ns}} }
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmRepository
            metadata: { name: charts, namespace: {{Ns}} }
            spec: { url: "{{_repository.Address}}" }
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ServiceTemplate
            metadata: { name: nginx, namespace: {{Ns}} }
            spec: { helm: { chartSpec: { chart: simple-nginx, version: 1.0.0, sourceRef: { kind: HelmRepository, name: charts } } } }
            """))
            await ApplyAsync(manifest, ct);
    }

    private async Task ApplyAsync(JsonObject manifest, CancellationToken ct)
    {
        var wanted = GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
        ResourceKind? kind;
        while ((kind = await _client.FindKindAsync(wanted, ct)) is null)
            await Task.Delay(Interval, TimeProvider.System, ct);
        await _client.Dynamic(kind).ApplyAsync(manifest, new ApplyOptions("bench") { Force = true }, ct);
    }
}
