using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Others who write what the ClusterManager writes or needs, and providers that leave it waiting.</summary>
public class InterferenceTests
{
    private static readonly ResourceKind Machines = new("cluster.x-k8s.io", "v1beta2", "Machine", "machines", Namespaced: true);

    [Fact]
    public async Task Two_managers_make_every_machine_once_and_leave_nothing_behind()
    {
        await using var management = await SimulatedFleet.StartAsync(options => options with { Deletion = options.Deletion with { Breaker = new() { Share = 1 } } });
        await management.StartAnotherManagerAsync();
        var made = 0;
        using var counting = management.Inside.Subscribe(change =>
        {
            if (change is { Type: WatchEventType.Added, Kind.Kind: "Machine" })
                Interlocked.Increment(ref made);
        });
        string[] names = ["one", "two", "three"];
        foreach (var name in names)
            await management.ApplyAsync(SimulatedFleet.Manifest(name));
        foreach (var name in names)
            await management.ReadyAsync(name);
        Assert.Equal(6, Volatile.Read(ref made));
        foreach (var name in names)
        {
            // Both may have run helm: what counts is that it came out whole.
            var records = await ManagementCluster.UntilAsync(
                () => RecordsAsync(management, name),
                seen => seen.Count(record => record == "deployed") == 1 && !seen.Any(record => record.StartsWith("pending", StringComparison.Ordinal)),
                seen => string.Join(", ", seen));
            Assert.NotEmpty(records);
            await management.DeleteAsync(name);
        }
        foreach (var name in names)
        {
            await management.UntilAsync(name, cluster => cluster is null);
            await ManagementCluster.UntilAsync(() => RecordsAsync(management, name), seen => seen.Count == 0, seen => string.Join(", ", seen));
        }
        Assert.Empty((await management.Client.Dynamic(SimulatedFleet.Clusters).ListAsync(new(), CancellationToken.None)).Items);
        Assert.Equal(6, Volatile.Read(ref made));
    }

    [Fact]
    public async Task Writers_of_the_same_object_lose_nothing_and_are_not_answered_with_writes_without_end()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        var (writes, all) = (0, 0);
        using var counting = management.Inside.Subscribe(change =>
        {
            if (change is { Type: WatchEventType.Modified, Kind.Kind: "ClusterDeployment" })
                Interlocked.Increment(ref all);
        });
        using var calm = new CancellationTokenSource();
        var storm = Task.Run(async () =>
        {
            for (var turn = 0; !calm.IsCancellationRequested; turn++)
            {
                // As another controller would: read, change, write with the version that was read, and again after a conflict.
                var status = turn % 2 == 0;
                await management.Inside.ChangeAsync(FleetKinds.ClusterDeployments.Kind, new(SimulatedFleet.Namespace, "one"), cluster =>
                {
                    if (status)
                        Foreign(cluster)["message"] = $"turn {turn}";
                    else
                        Annotations(cluster)["storm"] = $"{turn}";
                    return true;
                }, status, CancellationToken.None);
                writes++;
                // Some hundreds a second: more than controllers make of one object, and not the whole computer.
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            }
            return writes;
        }, TestContext.Current.CancellationToken);

        await management.ReadyAsync("one");
        await calm.CancelAsync();
        var turns = await storm;
        Assert.True(turns > 20, $"{turns} turns are no storm");
        var left = await management.UntilAsync("one", cluster => cluster.Find(new("example.com/Foreign")) is not null);
        var (lastStatus, lastAnnotation) = ((turns - 1) / 2 * 2, ((turns - 2) / 2 * 2) + 1);
        Assert.Equal($"turn {lastStatus}", left.Find(new("example.com/Foreign"))!.Message);
        Assert.Equal($"{lastAnnotation}", left!.Metadata.Annotations!["storm"]);
        // A cluster comes to Ready in a handful of writes; a manager that answers each foreign write with its own would have made hundreds.
        Assert.InRange(Volatile.Read(ref all) - turns, 1, 120);
    }

    [Fact]
    public async Task A_provider_that_never_answers_a_creation_is_told_and_overdue_and_the_cluster_can_still_go()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("one", annotations: "k0rdent.mirantis.com/deadline-infrastructure: 3s")
            .Replace("workersNumber: 1", "workersNumber: 1, clusterAnnotations: {simulation.fleet.dev/slow: 1h}", StringComparison.Ordinal));
        var overdue = await management.UntilAsync("one", cluster => cluster.Find(SharedConditions.Ready)?.Reason == Reason.Failed);
        Assert.Contains("Infrastructure takes longer than 3 s", overdue.Find(SharedConditions.Ready)!.Message, StringComparison.Ordinal);
        Assert.Equal(ClusterPhases.Infrastructure, overdue!.Status!.Progress!.Phase);

        // Overdue is not given up: when the provider answers, the cluster comes.
        await management.AnnotateAsync(SimulatedFleet.Clusters, "one", "simulation.fleet.dev/slow", null);
        await management.ReadyAsync("one");
        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster is null);
    }

    [Fact]
    public async Task A_kubeconfig_that_somebody_deleted_comes_back_and_nothing_else_is_made_anew()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        await management.ReadyAsync("one");
        var key = new ObjectKey(SimulatedFleet.Namespace, "one-kubeconfig");
        var before = await management.Client.Dynamic(CoreKinds.Secrets).GetAsync(key, CancellationToken.None);
        var machines = await MachinesAsync(management);

        // Nobody makes it again while the cluster is paused: that is when users would find it missing.
        await management.Client.Dynamic(SimulatedFleet.Clusters).PatchAsync(
            new(SimulatedFleet.Namespace, "one"), Patch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"paused":true}}""")!), PatchOptions.Default, CancellationToken.None);
        await management.Client.Dynamic(CoreKinds.Secrets).DeleteAsync(key, DeleteOptions.Background, CancellationToken.None);
        var missing = await management.UntilAsync("one", cluster => cluster.Find(ClusterDeploymentConditions.ClusterReachable)?.Reason == ClusterDeploymentConditions.KubeconfigMissing);
        Assert.Contains(key.ToString(), missing.Find(SharedConditions.Ready)!.Message, StringComparison.Ordinal);

        await management.Client.Dynamic(SimulatedFleet.Clusters).PatchAsync(
            new(SimulatedFleet.Namespace, "one"), Patch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"paused":false}}""")!), PatchOptions.Default, CancellationToken.None);
        await management.ReadyAsync("one");
        var after = await management.Client.Dynamic(CoreKinds.Secrets).GetAsync(key, CancellationToken.None);
        Assert.NotEqual(before!.Metadata.Uid, after!.Metadata.Uid);
        Assert.Equal(machines, await MachinesAsync(management));
        Assert.Single(await RecordsAsync(management, "one"));
    }

    [Fact]
    public async Task A_new_object_with_the_name_of_one_that_was_deleted_gets_a_cluster_of_its_own()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        var first = await management.ReadyAsync("one");
        var machines = await MachinesAsync(management);
        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster is null);

        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        var second = await management.ReadyAsync("one");
        Assert.NotEqual(first.Metadata.Uid, second.Metadata.Uid);
        Assert.Equal(["deployed"], await RecordsAsync(management, "one"));
        Assert.Empty(machines.Intersect(await MachinesAsync(management)));
        Assert.Equal(machines.Count, (await MachinesAsync(management)).Count);
    }

    private static JsonObject Foreign(JsonObject cluster)
    {
        var status = cluster["status"] as JsonObject ?? [];
        cluster["status"] = status.Parent is null ? status : cluster["status"];
        var conditions = status["conditions"] as JsonArray ?? [];
        if (conditions.Parent is null)
            status["conditions"] = conditions;
        if (conditions.OfType<JsonObject>().FirstOrDefault(condition => (string?)condition["type"] == "example.com/Foreign") is { } found)
            return found;
        var added = new JsonObject
        {
            ["type"] = "example.com/Foreign", ["status"] = "True", ["reason"] = "Storm", ["message"] = "", ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
        };
        conditions.Add(added);
        return added;
    }

    private static JsonObject Annotations(JsonObject cluster)
    {
        var metadata = (JsonObject)cluster["metadata"]!;
        if (metadata["annotations"] is JsonObject present)
            return present;
        var added = new JsonObject();
        metadata["annotations"] = added;
        return added;
    }

    private static async Task<IReadOnlyList<string>> RecordsAsync(ManagementCluster management, string name) =>
        [.. (await management.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { Namespace = SimulatedFleet.Namespace, LabelSelector = $"owner=helm,name={name}" }, CancellationToken.None))
            .Items.Select(record => record.Metadata.Labels!["status"])];

    private static async Task<IReadOnlyList<string?>> MachinesAsync(ManagementCluster management) =>
        [.. (await management.Client.Dynamic(Machines).ListAsync(new(), CancellationToken.None)).Items.Select(machine => machine.Metadata.Uid).Order(StringComparer.Ordinal)];
}
