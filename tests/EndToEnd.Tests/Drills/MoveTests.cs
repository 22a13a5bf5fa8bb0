using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.ControlPlane.Machinery;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Kubernetes.Resources;

namespace Fleet.EndToEnd.Tests.Drills;

/// <summary>Clusters go from one management plane to another while the managers of both run: nobody re-makes a machine, and never do both act.</summary>
public sealed class MoveTests
{
    /// <summary>Moments of a move: whether it is the source that changes, and how. Every single write is a moment in MoveFaultTests.</summary>
    private static readonly (string Name, bool AtSource, Func<ClusterChange, JsonObject?, bool> Is)[] Steps =
    [
        ("the Cluster is copied", false, (change, item) => change is { Type: WatchEventType.Added, Kind: { Kind: "Cluster", Group: "cluster.x-k8s.io" } }),
        ("there is no way back", true, (change, item) => item?["metadata"]?["annotations"]?["k0rdent.mirantis.com/moved"] is not null),
        ("the source has deleted something", true, (change, item) => change is { Type: WatchEventType.Deleted, Kind.Kind: "ClusterDeployment" or "Machine" }),
    ];

    [Fact]
    public async Task Clusters_go_to_another_management_plane_and_nothing_of_them_is_touched()
    {
        await using var stage = await DrillStage.StartAsync();
        await using var source = await ManagementPlane.StartAsync("embedded", stage.Clouds);
        await using var target = await ManagementPlane.StartAsync("embedded", stage.Clouds);
        await stage.FillAsync(source);
        await source.StartManagersAsync();
        await target.StartManagersAsync();
        await DrillStage.ApplyAsync(source, DrillStage.Cluster("one"), DrillStage.Cluster("two"), DrillStage.Cluster("stays"));
        await DrillStage.UntilReadyAsync(source, 3);
        string[] names = ["one", "two", "stays"];
        var before = new Dictionary<string, string>();
        foreach (var name in names)
            before[name] = await SeenAsync(stage, source, name);

        await using var judge = new Judge(source, target);
        var refused = await MoveAsync(stage, source, source, "one");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("source and target are the same cluster", refused.Error, StringComparison.Ordinal);
        var dryRun = (await MoveAsync(stage, source, target, "one", "--dry-run", "--details")).MustSucceed();
        Assert.Contains("moved   Machine team/one-", dryRun.Out, StringComparison.Ordinal);
        Assert.Contains("copied  Credential team/aws", dryRun.Out, StringComparison.Ordinal);
        Assert.Empty(await DrillStage.ClustersAsync(target));
        Assert.All(await DrillStage.ClustersAsync(source), cluster => Assert.False(cluster.Metadata.Annotations?.ContainsKey(FleetAnnotations.Paused) == true));

        (await MoveAsync(stage, source, target, "one")).MustSucceed();
        await DrillStage.UntilReadyAsync(target, 1);
        Assert.Equal(before["one"], await SeenAsync(stage, target, "one"));

        // kill -9 at every step, and the same command again.
        var killed = new List<string>();
        foreach (var (name, atSource, happens) in Steps)
        {
            await using var sighting = new Sighting(atSource ? source.Api : target.Api, happens);
            await using var run = await stage.StartFleetAsync(source, "move", "team/two", "--to-kubeconfig", target.KubeconfigPath);
            // A step that the run before came to before its end was seen does not come again.
            await FaultFleet.UntilAsync(() => Task.FromResult(sighting.Reached.IsCompleted || run.HasExited), name, pause: TimeSpan.FromMilliseconds(1));
            if (sighting.Reached.IsCompleted)
                killed.Add(name);
            await run.KillAsync();
        }

        // On a busy machine a run gets past several steps before it is killed.
        Assert.NotEmpty(killed);
        (await MoveAsync(stage, source, target, "two")).MustSucceed();
        await DrillStage.UntilReadyAsync(target, 2);
        Assert.Contains("is at the target already", (await MoveAsync(stage, source, target, "two")).MustSucceed().Out, StringComparison.Ordinal);
        Assert.Equal(before["two"], await SeenAsync(stage, target, "two"));

        // The source has nothing of them, and what stays is as it was.
        Assert.Equal("stays", Assert.Single(await DrillStage.ClustersAsync(source)).Metadata.Name);
        foreach (var (group, kind) in ((string, string)[])[("cluster.x-k8s.io", "Machine"), ("cluster.x-k8s.io", "Cluster"), ("infrastructure.cluster.x-k8s.io", "AWSMachine"), ("k0rdent.mirantis.com", "ServiceSet"), ("", "Secret")])
            Assert.DoesNotContain(await source.ListAsync(group, kind), item => item.Key.Name.StartsWith("one", StringComparison.Ordinal) || item.Key.Name.StartsWith("two", StringComparison.Ordinal) || item.Key.Name.Contains(".one.", StringComparison.Ordinal) || item.Key.Name.Contains(".two.", StringComparison.Ordinal));
        Assert.Equal(before["stays"], await SeenAsync(stage, source, "stays"));
        Assert.Empty(judge.Violations);

        // Managed at the target as before at the source. Only the template that was in use has come along.
        await DrillStage.ApplyAsync(target, FaultFleet.ServiceTemplate(DrillStage.Team, "web", "2.0.0", "services"));
        await DrillStage.ChangeAsync(target, "one", """{"spec":{"serviceSpec":{"services":[{"name":"web","namespace":"apps","template":"web-2-0-0"}]}}}""");
        await FaultFleet.UntilAsync(() => stage.Service("one") is [.., (2, "deployed")], "the service is upgraded by the target");
        Assert.True(stage.Service("two") is [(1, "deployed")]);
    }

    private static Task<Fleet.Testing.Processes.ProcessOutput> MoveAsync(DrillStage stage, ManagementPlane source, ManagementPlane target, string cluster, params string[] more) =>
        stage.FleetAsync(source, ["move", cluster, "-n", DrillStage.Team, "--to-kubeconfig", target.KubeconfigPath, .. more]);

    private static async Task<string> SeenAsync(DrillStage stage, ManagementPlane plane, string cluster) =>
        $"{stage.Standing(cluster)}\n{await DrillStage.MachinesAsync(plane, cluster)}\n{string.Join(", ", stage.Service(cluster))}\n{string.Join(", ", await DrillStage.ReleaseAsync(plane, cluster))}";

    /// <summary>Looks all the time whether a cluster is held by nobody on both sides.</summary>
    private sealed class Judge : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task watching;
        private readonly List<string> violations = [];

        public Judge(ManagementPlane source, ManagementPlane target) => watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var name in (string[])["one", "two"])
                {
                    // The target first: when it acts, the source must have been held before.
                    if (Acts(target.Api, name) && Acts(source.Api, name))
                        violations.Add($"both act on {name}");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            }
        });

        public IReadOnlyList<string> Violations => violations;

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await watching;
            stop.Dispose();
        }

        private static bool Acts(IClusterApi api, string name) =>
            (Find(api, "k0rdent.mirantis.com", "v1beta1", "ClusterDeployment", name) is { } cluster && cluster["metadata"]!["annotations"]?[FleetAnnotations.Paused] is null)
            || (Find(api, "cluster.x-k8s.io", "v1beta2", "Cluster", name) is { } capi && (bool?)capi["spec"]?["paused"] != true);

        private static JsonObject? Find(IClusterApi api, string group, string version, string kind, string name) =>
            api.FindKind(new(group, version, kind)) is { } found ? api.Get(found, new(DrillStage.Team, name)) : null;
    }
}
