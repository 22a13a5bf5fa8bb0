using Fleet.EndToEnd.Tests.Faults;

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
            Assert.Equal(fleet.Clusters, await fleet.ToldByAsync($"cluster-manager-{name}"));
        // Each cluster is told of once, by whoever owns it.
        await FaultFleet.UntilAsync(
            async () => (await Task.WhenAll(names.Select(name => fleet.MetricAsync($"cluster-manager-{name}", "fleet_clusters")))).Sum() == fleet.Clusters.Count, "the gauges add up to the fleet");

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

        await fleet.WantAsync(4);
        await fleet.SignalAsync("TERM", "cluster-manager-c", "state-manager-c");
        await FaultFleet.UntilAsync(() => fleet.HasEnded("cluster-manager-c") && fleet.HasEnded("state-manager-c"), "who was asked to end has ended", 30);
        foreach (var service in services)
            Assert.Null(await fleet.LeaseAsync($"fleet-{service}-{service}-c"));
        await UntilAsync(4);

        foreach (var name in (string[])["a", "b"])
        {
            Assert.Equal(fleet.Clusters, await fleet.ToldByAsync($"cluster-manager-{name}"));
            foreach (var service in services)
                Assert.Equal(0, await fleet.MetricAsync($"{service}-{name}", "fleet_orphaned_clusters") + await fleet.MetricAsync($"{service}-{name}", "fleet_doubly_owned_clusters"));
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

        async Task UntilAsync(int pods)
        {
            await fleet.UntilTheyHaveAsync(pods);
            foreach (var cluster in fleet.Clusters)
                foreach (var revision in await fleet.RevisionsAsync(cluster))
                    seen[cluster][revision.Revision] = revision;
        }
    }
}
