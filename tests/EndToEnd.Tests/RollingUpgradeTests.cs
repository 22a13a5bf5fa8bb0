using System.Text.Json.Nodes;
using Fleet.EndToEnd.Tests.Faults;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// Replicas of two versions side by side, as while a Deployment replaces its pods (maxSurge 1, maxUnavailable 0): services of all clusters change the whole time. Only with an older version,
/// which <c>tests/real/rolling-upgrade.sh</c> builds.
/// </summary>
public sealed class RollingUpgradeTests
{
    private static readonly string[] Services = ["cluster-manager", "state-manager"];
    private static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public Task Replicas_of_an_older_version_are_replaced_one_by_one_and_nothing_is_done_twice_or_made_anew() => ReplaceAsync(FleetBuild.OlderOrSkip(), FleetBuild.Present);

    [Fact]
    public Task So_they_are_on_the_way_back() => ReplaceAsync(FleetBuild.Present, FleetBuild.OlderOrSkip());

    private static async Task ReplaceAsync(FleetBuild from, FleetBuild to)
    {
        await using var fleet = await ReplicaFleet.StartAsync(from);
        await Task.WhenAll(Services.SelectMany(service => Names.Select(name => fleet.StartReplicaAsync(service, name, from))));
        var (living, all) = (Of(Names).ToList(), Of(Names).ToList());
        await fleet.ReadyAsync([.. living]);
        await fleet.DeclareAsync();
        await fleet.UntilTheyHaveAsync(1);
        var before = await fleet.IdentitiesAsync();
        // Six processes that start at once may be late on a small machine; what is said of that is not about two versions.
        await FaultFleet.UntilAsync(async () => await AstrayAsync(fleet, living) == 0, "every cluster is owned exactly once");
        var said = living.ToDictionary(replica => replica, replica => fleet.LogOf(replica).Length);
        await using var changes = new ServiceChanges(fleet);

        // Helm does not take definitions back, so on the way back those of the newer version stay.
        if (to == FleetBuild.Present)
            await fleet.UpgradeChartAsync(to);
        foreach (var name in Names)
        {
            var next = Of([$"{name}-next"]).ToList();
            await Task.WhenAll(Services.Select(service => fleet.StartReplicaAsync(service, $"{name}-next", to)));
            living.AddRange(next);
            all.AddRange(next);
            await fleet.ReadyAsync([.. next]);
            // Both versions share the clusters and their services' changes, and both tell the same of them.
            await changes.AnotherAsync();
            await changes.PauseAsync();
            await TheSameFromAllAsync(fleet, living);
            // The last one goes while nothing is wanted: whatever helm did then would be done by the change of the version alone.
            if (name != Names[^1])
                changes.GoOn();
            await fleet.SignalAsync("TERM", [.. Of([name])]);
            await FaultFleet.UntilAsync(() => Of([name]).All(fleet.HasEnded), "who was asked to end has ended", 120);
            living.RemoveAll(replica => Of([name]).Contains(replica));
            foreach (var service in Services)
                Assert.Null(await fleet.LeaseAsync($"fleet-{service}-{service}-{name}"));
            if (name != Names[^1])
                await changes.AnotherAsync();
            // A replica looks every ten seconds, and until then says what it saw before.
            await FaultFleet.UntilAsync(async () => await AstrayAsync(fleet, living) == 0, "every cluster is owned exactly once by those who are left");
        }

        // Each cluster is told of by the one that owns it, so each has been looked at by its new owner.
        await FaultFleet.UntilAsync(
            async () => (await Task.WhenAll(living.Where(IsClusterManager).Select(replica => fleet.MetricAsync(replica, "fleet_clusters")))).Sum() == fleet.Clusters.Count, "the gauges add up to the fleet");
        await changes.CheckAsync();
        changes.GoOn();
        await changes.AnotherAsync();
        await changes.EndAsync();

        await changes.CheckAsync();
        Assert.Equal(before, await fleet.IdentitiesAsync());
        await TheSameFromAllAsync(fleet, living);
        // The sweep of each replica, every ten seconds: it says whose cluster nobody or more than one had for longer than a moment.
        Assert.All(all, replica => Assert.DoesNotContain("not every cluster is owned exactly once", fleet.LogOf(replica)[said.GetValueOrDefault(replica)..], StringComparison.Ordinal));
    }

    private static IEnumerable<string> Of(IEnumerable<string> names) => names.SelectMany(name => Services.Select(service => $"{service}-{name}"));

    /// <summary>Clusters that nobody owns or more than one, as each replica sees it.</summary>
    private static async Task<double> AstrayAsync(ReplicaFleet fleet, IEnumerable<string> replicas) =>
        (await Task.WhenAll(replicas.SelectMany(replica => (string[])["fleet_orphaned_clusters", "fleet_doubly_owned_clusters"], fleet.MetricAsync))).Sum();

    private static bool IsClusterManager(string replica) => replica.StartsWith("cluster-manager-", StringComparison.Ordinal);

    /// <summary>Every replica, of either version, answers with the same lists; a watch may be behind for a moment.</summary>
    private static async Task TheSameFromAllAsync(ReplicaFleet fleet, IReadOnlyList<string> living)
    {
        foreach (var (replicas, lists) in new[]
        {
            (living.Where(IsClusterManager).ToList(), (string[])["clusters", "credentials", "service-templates"]),
            (living.Where(replica => !IsClusterManager(replica)).ToList(), ["services"]),
        })
            foreach (var list in lists)
            {
                var answers = new List<JsonArray>();
                try
                {
                    await FaultFleet.UntilAsync(
                        async () =>
                        {
                            answers = [.. await Task.WhenAll(replicas.Select(replica => fleet.ListAsync(replica, list)))];
                            return answers[0].Count > 0 && answers.TrueForAll(answer => JsonNode.DeepEquals(answer, answers[0]));
                        }, $"{list} are the same", 90);
                }
                catch (TimeoutException)
                {
                    Assert.Fail($"{list} differ:\n{string.Join('\n', replicas.Zip(answers, (replica, answer) => $"{replica}: {answer.ToJsonString()}"))}");
                }
            }
    }
}
