using System.Collections.Concurrent;
using System.Globalization;
using Fleet.Control.Kinds;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Kubernetes.Resources;

namespace Fleet.EndToEnd.Tests;

/// <summary>Three replicas of the managers, of which one dies, one freezes and one is asked to go, each time while every cluster is to change.</summary>
public sealed class ReplicaTests
{
    [Fact]
    public async Task Whoever_dies_freezes_or_leaves_every_cluster_goes_on_and_no_old_owner_is_heard()
    {
        await using var fleet = await ReplicaFleet.StartAsync();
        string[] services = ["cluster-manager", "state-manager"], names = ["a", "b", "c"];
        await Task.WhenAll(services.SelectMany(service => names.Select(name => fleet.StartReplicaAsync(service, name))));
        await fleet.ReadyAsync([.. services.SelectMany(service => names.Select(name => $"{service}-{name}"))]);
        // Helm keeps the last few revisions only, so they are read after each step.
        var seen = fleet.Clusters.ToDictionary(cluster => cluster, _ => new SortedDictionary<int, (int Revision, string Status, int Pods)>());
        await fleet.DeclareAsync();
        await UntilAsync(1);
        var made = new Dictionary<string, string>();
        foreach (var cluster in fleet.Clusters)
            made[cluster] = (string)(await fleet.DeploymentAsync(cluster))!["metadata"]!["uid"]!;
        foreach (var name in names)
            await ToldByAsync(name);
        // Each cluster is told of once, by whoever owns it.
        await FaultFleet.UntilAsync(
            async () => (await Task.WhenAll(names.Select(name => fleet.MetricAsync($"cluster-manager-{name}", "fleet_clusters")))).Sum() == fleet.Clusters.Count, "the gauges add up to the fleet");

        // What the API server itself tells of the clusters, beside what a reader is told who goes from replica to replica.
        using var api = FaultFleet.Connect(fleet.Kubeconfig);
        using var over = new CancellationTokenSource();
        var changes = new ConcurrentQueue<(string Cluster, string Version)>();
        var watching = WatchAsync();
        await using var reader = await fleet.FollowAsync([.. names.Select(name => $"cluster-manager-{name}")]);
        await FaultFleet.UntilAsync(() => reader.Seen.Count >= fleet.Clusters.Count, "the stream begins with all clusters");
        var known = reader.Seen.Take(fleet.Clusters.Count).ToDictionary(one => one.Cluster, one => Number(one.Version));

        // The helms of those who are killed have not written anything yet, and do so when others have their clusters.
        fleet.SlowHelmDown();
        await fleet.WantAsync(2);
        await fleet.SignalAsync("KILL", "cluster-manager-a", "state-manager-a");
        await UntilAsync(2);
        await Task.WhenAll(services.Select(service => fleet.StartReplicaAsync(service, "a")));
        await fleet.ReadyAsync("cluster-manager-a", "state-manager-a");

        await fleet.SignalAsync("STOP", "cluster-manager-b", "state-manager-b");
        await fleet.WantAsync(3);
        await UntilAsync(3);
        await fleet.SignalAsync("CONT", "cluster-manager-b", "state-manager-b");
        await fleet.ReadyAsync("cluster-manager-b", "state-manager-b");

        fleet.LetHelmRun();
        await fleet.WantAsync(4);
        await fleet.SignalAsync("TERM", "cluster-manager-c", "state-manager-c");
        await FaultFleet.UntilAsync(() => fleet.HasEnded("cluster-manager-c") && fleet.HasEnded("state-manager-c"), "who was asked to end has ended", 120);
        foreach (var service in services)
            Assert.Null(await fleet.LeaseAsync($"fleet-{service}-{service}-c"));
        await UntilAsync(4);

        foreach (var name in (string[])["a", "b"])
        {
            await ToldByAsync(name);
            // A replica looks every ten seconds, and until then says what it saw before.
            foreach (var service in services)
                await FaultFleet.UntilAsync(
                    async () => await fleet.MetricAsync($"{service}-{name}", "fleet_orphaned_clusters") + await fleet.MetricAsync($"{service}-{name}", "fleet_doubly_owned_clusters") == 0,
                    $"every cluster is owned exactly once, as {service}-{name} sees it");
        }
        foreach (var cluster in fleet.Clusters)
        {
            Assert.Equal(made[cluster], (string)(await fleet.DeploymentAsync(cluster))!["metadata"]!["uid"]!);
            var revisions = seen[cluster].Values.ToList();
            var said = $"{cluster}: {string.Join(", ", revisions)}";
            Assert.True(revisions[^1] is { Status: "deployed", Pods: 4 }, said);
            // Nobody ever wanted less again: that would be a write of an old owner.
            Assert.True(revisions.Zip(revisions.Skip(1)).All(pair => pair.First.Pods <= pair.Second.Pods), said);
            // Nothing is done twice, but for the helm that was at work when its manager was killed: that one may have to be done again.
            Assert.True(revisions.Count(one => one.Pods == 1) == 1 && revisions.Count(one => one.Pods == 3) == 1 && revisions.Count(one => one.Pods == 2) <= 2, said);
        }

        // A position of one replica is good at another: nothing is missing, nothing comes twice.
        IReadOnlyList<(string Cluster, string Version)> written = [], read = [];
        await FaultFleet.UntilAsync(
            () =>
            {
                // Both at once: what changes after they have ended alike may have been told to one of the two only.
                written = [.. changes];
                read = reader.Seen;
                return fleet.Clusters.All(cluster => read.Last(one => one.Cluster == cluster) == written.Last(one => one.Cluster == cluster));
            }, "the reader has come to the end");
        await over.CancelAsync();
        await watching;
        foreach (var cluster in fleet.Clusters)
            Assert.Equal(
                written.Where(one => one.Cluster == cluster && Number(one.Version) > known[cluster]).Select(one => one.Version),
                read.Where(one => one.Cluster == cluster).Skip(1).Select(one => one.Version));
        Assert.True(reader.Moves > 0, "the reader never left the replica that was killed");

        async Task WatchAsync()
        {
            try
            {
                await foreach (var change in api.Dynamic(FleetKinds.ClusterDeployments.Kind).WatchAsync(new() { Namespace = "team" }, over.Token))
                    if (change.Type is WatchEventType.Added or WatchEventType.Modified)
                        changes.Enqueue((change.Object.Metadata.Name!, change.Object.Metadata.ResourceVersion!));
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // The test has seen enough.
            }
        }

        static long Number(string version) => long.Parse(version, CultureInfo.InvariantCulture);

        async Task ToldByAsync(string name) => await FaultFleet.UntilAsync(
            async () => (await fleet.ToldByAsync($"cluster-manager-{name}")).SequenceEqual(fleet.Clusters), $"cluster-manager-{name} tells of all clusters");

        async Task UntilAsync(int pods)
        {
            await fleet.UntilTheyHaveAsync(pods);
            // The pods are wanted a moment before Helm records that it is done.
            foreach (var cluster in fleet.Clusters)
                await FaultFleet.UntilAsync(
                    async () =>
                    {
                        var revisions = await fleet.RevisionsAsync(cluster);
                        if (revisions is not [.., { Status: "deployed" } last] || last.Pods != pods)
                            return false;
                        foreach (var revision in revisions)
                            seen[cluster][revision.Revision] = revision;
                        return true;
                    }, $"helm is done in {cluster}");
        }
    }
}
