using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Control.Kinds;
using Fleet.EndToEnd.Tests.Faults.Kills;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.Kubernetes.Yaml;
using ClusterDeployment = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Clusters.ClusterDeploymentSpec, Fleet.Contracts.Clusters.ClusterDeploymentStatus>;

namespace Fleet.EndToEnd.Tests.Faults.Restarts;

/// <summary>A management API that can be killed, a ClusterManager that stays, and a watch that misses nothing of what the clusters' statuses said.</summary>
internal sealed class RestartStage : IAsyncDisposable
{
    private readonly IKillableApiServer api;
    private readonly TwoVersions charts;
    private readonly ManagerProcess manager;
    private readonly Informer<ClusterDeployment, ClusterDeployment> watch;
    private readonly ConcurrentQueue<(string Name, string Condition)> failures = new();

    private RestartStage(IKillableApiServer api, TwoVersions charts)
    {
        (this.api, this.charts) = (api, charts);
        manager = ManagerProcess.OfClusters(api.KubeconfigPath);
        Client = FaultFleet.Connect(api.KubeconfigPath);
        watch = Client.Resource(FleetKinds.ClusterDeployments).Informer(new InformerOptions<ClusterDeployment, ClusterDeployment> { Project = cluster => cluster });
        watch.Subscribe(change =>
        {
            var conditions = change.Item.Status?.Conditions ?? [];
            // Simulated clusters are served by the process that is killed: that they do not answer is true, and Ready says it.
            var isUnreachable = conditions.Exists(condition => condition.Type == ClusterDeploymentConditions.ClusterReachable && condition.Status != ConditionStatus.True);
            foreach (var condition in conditions)
                if (condition.Reason == Reason.Failed && !(isUnreachable && condition.Type == SharedConditions.Ready))
                    failures.Enqueue((change.Key.Name, $"{condition.Type}: {condition.Message}"));
        });
    }

    public IKubernetesClient Client { get; }

    public static async Task<RestartStage> StartAsync(IKillableApiServer api)
    {
        var stage = new RestartStage(api, await TwoVersions.ServeAsync());
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            await stage.Client.Dynamic(CoreKinds.Definitions).CreateAsync(new(definition), CancellationToken.None);
        foreach (var definition in CustomResourceDefinition.OfAllKinds())
            await FaultFleet.UntilAsync(async () => await stage.KindAsync((string)definition["spec"]!["group"]!, (string)definition["spec"]!["names"]!["kind"]!) is not null, "kinds are served");
        return stage;
    }

    public TwoVersions Charts => charts;

    public async Task StartManagerAsync()
    {
        watch.Start();
        await manager.StartAsync();
        await FaultFleet.UntilAsync(
            async () => (await Client.Resource(FleetKinds.ClusterTemplates).ListAsync(new(), CancellationToken.None)).Items is { Count: > 0 } items && items.All(item => item.Status?.Valid == true),
            "templates are valid");
    }

    public Task ApplyAsync(string yaml) => ApplyAsync([.. KubernetesYaml.ReadAll(yaml)]);

    public async Task ApplyAsync(params JsonObject[] manifests)
    {
        foreach (var manifest in manifests)
        {
            ResourceKind? kind = null;
            await FaultFleet.UntilAsync(async () => (kind = await Client.FindKindAsync(GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!), CancellationToken.None)) is not null, $"{manifest["kind"]} is served");
            await Client.Dynamic(kind!).ApplyAsync(manifest, new("test") { Force = true }, CancellationToken.None);
        }
    }

    /// <summary>SIGKILL, and again at its place. Nothing else is started anew.</summary>
    public async Task RestartAsync()
    {
        await api.KillAsync();
        await api.StartAgainAsync();
    }

    public async Task<ClusterDeployment?> UntilAsync(string name, Func<ClusterDeployment?, bool> isRight, int seconds = 90)
    {
        ClusterDeployment? seen = null;
        try
        {
            await FaultFleet.UntilAsync(async () => isRight(seen = await Client.Resource(FleetKinds.ClusterDeployments).GetAsync(new(TwoVersions.Team, name), CancellationToken.None)), $"{name} is as wanted", seconds);
            return seen;
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}: {seen?.Status?.Upgrade} {seen?.Status?.Deletion} {string.Join("\n", (seen?.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}"))}", e);
        }
    }

    public async Task<IReadOnlyList<DynamicObject>> ListAsync(string group, string kind, string? selector = null) =>
        await KindAsync(group, kind) is { } found ? (await Client.Dynamic(found).ListAsync(new() { Namespace = TwoVersions.Team, LabelSelector = selector }, CancellationToken.None)).Items : [];

    public Task<IReadOnlyList<DynamicObject>> RecordsAsync(string name) => ListAsync("", "Secret", $"owner=helm,name={name}");

    public Task<IReadOnlyList<DynamicObject>> MachinesAsync(string name) => ListAsync("cluster.x-k8s.io", "Machine", $"cluster.x-k8s.io/cluster-name={name}");

    /// <summary>What any status of the cluster ever said with the reason Failed.</summary>
    public IReadOnlyList<string> FailuresOf(string name) => [.. failures.Where(failure => failure.Name == name).Select(failure => failure.Condition).Distinct()];

    public async ValueTask DisposeAsync()
    {
        await watch.DisposeAsync();
        await manager.DisposeAsync();
        Client.Dispose();
        await api.DisposeAsync();
        await charts.DisposeAsync();
    }

    private async Task<ResourceKind?> KindAsync(string group, string kind)
    {
        foreach (var version in (string[])["v1", "v1beta2", "v1beta1"])
            if (await Client.FindKindAsync(new(group, version, kind), CancellationToken.None) is { } found)
                return found;
        return null;
    }

    public static bool IsReady(ClusterDeployment? cluster) => cluster?.Status?.Conditions?.Exists(c => c.Type == SharedConditions.Ready && c.Status == ConditionStatus.True) == true;

    public static bool IsCompleted(ClusterDeployment? cluster, string template) =>
        IsReady(cluster) && cluster!.Status!.Upgrade is { Phase: UpgradePhases.Completed } upgrade && upgrade.Template == template;
}
