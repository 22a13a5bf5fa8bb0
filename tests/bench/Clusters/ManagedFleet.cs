using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing;

namespace Fleet.Bench.Clusters;

/// <summary>ClusterDeployments of one template in a management API, and what a watch tells of them.</summary>
internal sealed class ManagedFleet : IAsyncDisposable
{
    public const string Namespace = "bench";

    private const string Manager = "bench";

    private static readonly ResourceKind Deployments = new("k0rdent.mirantis.com", "v1beta1", "ClusterDeployment", "clusterdeployments", true);

    private static readonly ResourceKind MachineDeployments = new("cluster.x-k8s.io", "v1beta2", "MachineDeployment", "machinedeployments", true);

    private readonly IKubernetesClient _client;
    private readonly Informer<DynamicObject, bool> _ready;
    private readonly Informer<DynamicObject, (int? Replicas, long Seen)> _workers;

    /// <summary>When the workers of a cluster were first wanted in a new number.</summary>
    private readonly ConcurrentDictionary<string, (int Replicas, TaskCompletionSource<long> Seen)> _awaited = new();

    private ManagedFleet(IKubernetesClient client)
    {
        _client = client;
        _ready = client.Dynamic(Deployments).Informer(new InformerOptions<DynamicObject, bool> { Namespace = Namespace, Project = IsReady });
        _workers = client.Dynamic(MachineDeployments).Informer(new InformerOptions<DynamicObject, (int?, long)>
        {
            Namespace = Namespace, Project = item => ((int?)item.At("spec", "replicas"), Stopwatch.GetTimestamp()),
        });
        _workers.Subscribe(change =>
        {
            if (_awaited.TryGetValue(change.Item is { Replicas: not null } ? change.Key.Name : "", out var wanted) && change.Item.Replicas == wanted.Replicas)
                wanted.Seen.TrySetResult(change.Item.Seen);
        });
    }

    public int Ready => _ready.State.HasSynced ? _ready.Items.Count(ready => ready) : 0;

    /// <summary>Kinds, catalog and a namespace; then the watch on the clusters.</summary>
    public static async Task<ManagedFleet> PrepareAsync(IKubernetesClient client, Uri charts, CancellationToken ct)
    {
        var deploy = Path.Combine(TestLogs.RepositoryRoot, "deploy");
        foreach (var file in Directory.GetFiles(Path.Combine(deploy, "crds")))
            await ApplyAllAsync(client, await File.ReadAllTextAsync(file, ct), ct);
        await ApplyAllAsync(client, $"""
            apiVersion: v1
            kind: Namespace
            metadata:
              name: {Namespace}
            ---
            apiVersion: v1
            kind: Namespace
            metadata:
              name: kcm-system
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: HelmRepository
            metadata:
              name: kcm-templates
              namespace: kcm-system
            spec:
              url: {charts}
            """, ct);
        await ApplyAllAsync(client, await File.ReadAllTextAsync(Path.Combine(deploy, "catalog", "templates", "simulated-standalone-cp-0-1-0.yaml"), ct), ct);
        var fleet = new ManagedFleet(client);
        fleet._ready.Start();
        fleet._workers.Start();
        return fleet;
    }

    /// <summary>One control plane machine and two workers each, and as many services of the template <c>nginx</c>.</summary>
    public Task DeclareAsync(int index, CancellationToken ct, int services = 0)
    {
        var spec = new JsonObject
        {
            ["template"] = "simulated-standalone-cp-0-1-0",
            ["config"] = new JsonObject { ["controlPlaneNumber"] = 1, ["workersNumber"] = 2 },
        };
        if (services > 0)
            spec["serviceSpec"] = new JsonObject
            {
                ["services"] = new JsonArray([.. Enumerable.Range(0, services).Select(s => new JsonObject { ["name"] = $"web-{s}", ["namespace"] = "apps", ["template"] = "nginx" })]),
            };
        return _client.Dynamic(Deployments).ApplyAsync(
            new()
            {
                ["apiVersion"] = Deployments.ApiVersion,
                ["kind"] = Deployments.Kind,
                ["metadata"] = new JsonObject { ["name"] = NameOf(index), ["namespace"] = Namespace },
                ["spec"] = spec,
            }, new ApplyOptions(Manager) { Force = true }, ct);
    }

    /// <summary>The template that <see cref="DeclareAsync"/> names, of the chart simple-nginx.</summary>
    public Task PrepareServicesAsync(CancellationToken ct) => ApplyAllAsync(_client, $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: { name: nginx, namespace: {{Namespace}} }
        spec: { helm: { chartSpec: { chart: simple-nginx, version: 1.0.0, sourceRef: { kind: HelmRepository, name: kcm-templates, namespace: kcm-system } } } }
        """, ct);

    public async Task UntilReadyAsync(int count, TimeSpan patience, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (Ready < count)
        {
            if (Stopwatch.GetElapsedTime(began) > patience)
                throw new TimeoutException($"{Ready} of {count} clusters were Ready after {patience.TotalMinutes:0} minutes");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
        }
    }

    /// <summary>From the answer to the change of a spec until the watch on CAPI's objects tells of its first effect.</summary>
    public async Task<TimeSpan> ScaleAsync(int index, int workers, CancellationToken ct)
    {
        var effect = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited[NameOf(index) + "-md"] = (workers, effect);
        await _client.Dynamic(Deployments).PatchAsync(
            new(Namespace, NameOf(index)),
            Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["config"] = new JsonObject { ["workersNumber"] = workers } } }),
            new() { FieldManager = Manager }, ct);
        var changed = Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(changed, await effect.Task.WaitAsync(TimeSpan.FromMinutes(1), ct));
    }

    /// <summary>Changes with every write to any cluster or its machines.</summary>
    public async Task<string> VersionsAsync(CancellationToken ct)
    {
        var clusters = await _client.Dynamic(Deployments).ListAsync(new() { Namespace = Namespace }, ct);
        var workers = await _client.Dynamic(MachineDeployments).ListAsync(new() { Namespace = Namespace }, ct);
        return string.Join(' ', clusters.Items.Concat(workers.Items).Select(item => item.Metadata.ResourceVersion));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ready.DisposeAsync();
        await _workers.DisposeAsync();
    }

    public static string NameOf(int index) => $"c{index:0000}";

    private static bool IsReady(DynamicObject cluster) =>
        (cluster.At("status", "conditions") as JsonArray ?? []).Any(condition => (string?)condition?["type"] == "Ready" && (string?)condition["status"] == "True");

    private static async Task ApplyAllAsync(IKubernetesClient client, string yaml, CancellationToken ct)
    {
        foreach (var manifest in KubernetesYaml.ReadAll(yaml))
        {
            var wanted = GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!);
            ResourceKind? kind;
            while ((kind = await client.FindKindAsync(wanted, ct)) is null)
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
            await client.Dynamic(kind).ApplyAsync(manifest, new ApplyOptions(Manager) { Force = true }, ct);
        }
    }
}
