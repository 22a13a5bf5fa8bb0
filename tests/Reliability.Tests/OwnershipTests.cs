using Fleet.Kubernetes.Core;
using Fleet.Testing.ApiServers;

namespace Fleet.Reliability.Tests;

/// <summary>Replicas as processes over real API servers: every cluster has one owner, and an old owner's write never counts.</summary>
public sealed class OwnershipTests
{
    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task Three_replicas_share_the_clusters_and_one_that_comes_later_gets_its_part(string server)
    {
        await using var replicas = await Replicas.StartAsync(server, 60, 6, "a", "b");
        await replicas.UntilOwnedByAsync("a", "b");
        await replicas.StartReplicaAsync("c");
        await Replicas.UntilAsync(
            () => replicas.LastWrites().Values.GroupBy(w => w.Replica).ToDictionary(g => g.Key, g => g.Count()) is var parts && parts.Count == 3 && parts.Values.All(n => n is >= 10 and <= 30),
            () => $"{string.Join(", ", replicas.LastWrites().Values.GroupBy(w => w.Replica).Select(g => $"{g.Key} has {g.Count()}"))}");
        await replicas.CheckAsync();
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_process_that_dies_is_noticed_at_once_although_its_lease_stands_for_minutes(string server)
    {
        await using var replicas = await Replicas.StartAsync(server, 30, 600, "a", "b", "c");
        await replicas.UntilOwnedByAsync("a", "b", "c");
        // They have met when each has its part: one that nobody ever reached could be behind a policy, and only its Lease tells of it.
        await Replicas.UntilAsync(() => replicas.LastWrites().Values.Select(w => w.Replica).Distinct().Count() == 3, () => "not each has its part");
        await replicas.SignalAsync("b", "KILL");
        await replicas.UntilOwnedByAsync("a", "c");
        await replicas.CheckAsync();
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_a_killed_replica_owned_goes_on_with_the_others(string server)
    {
        await using var replicas = await Replicas.StartAsync(server, 30, 3, "a", "c");
        // One that does not say where it is: only its Lease tells.
        await replicas.StartReplicaAsync("b", announce: false);
        await Replicas.UntilAsync(() => replicas.LastWrites().Values.Any(w => w.Replica == "b"), () => "b owns nothing");
        await replicas.SignalAsync("b", "KILL");
        await replicas.UntilOwnedByAsync("a", "c");
        // It comes back under its name, and gets its part again.
        await replicas.StartReplicaAsync("b");
        await Replicas.UntilAsync(() => replicas.LastWrites().Values.Any(w => w.Replica == "b"), () => "b owns nothing");
        await replicas.CheckAsync();
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_frozen_replica_that_goes_on_writes_nothing_of_what_others_own(string server)
    {
        await using var replicas = await Replicas.StartAsync(server, 30, 3, "a", "b", "c");
        await replicas.UntilOwnedByAsync("a", "b", "c");
        for (var round = 0; round < 3; round++)
        {
            await replicas.SignalAsync("a", "STOP");
            await replicas.UntilOwnedByAsync("b", "c");
            await replicas.SignalAsync("a", "CONT");
            await Replicas.UntilAsync(() => replicas.LastWrites().Values.Any(w => w.Replica == "a"), () => "a owns nothing again");
        }
        await replicas.CheckAsync();
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Who_is_asked_to_end_hands_everything_over_before_it_does(string server)
    {
        // With such a Lease nobody gets anything in time unless it is given up.
        await using var replicas = await Replicas.StartAsync(server, 30, 300, "a", "b");
        await replicas.UntilOwnedByAsync("a", "b");
        await replicas.SignalAsync("a", "TERM");
        await replicas.UntilOwnedByAsync("b");
        await Replicas.UntilAsync(() => replicas.HasEnded("a"), () => "a still runs");
        var lease = Assert.Single((await replicas.Client.Resource(CoreTypes.Leases).ListAsync(new() { Namespace = replicas.Namespace }, TestContext.Current.CancellationToken)).Items);
        Assert.StartsWith("b_", lease.Spec.HolderIdentity, StringComparison.Ordinal);
        await replicas.CheckAsync();
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_table_that_is_deleted_comes_back_and_no_epoch_goes_back(string server)
    {
        await using var replicas = await Replicas.StartAsync(server, 30, 3, "a", "b");
        await replicas.UntilOwnedByAsync("a", "b");
        Assert.True(await replicas.Client.Resource(CoreTypes.ConfigMaps).DeleteAsync(new(replicas.Namespace, "fleet-counter-owners"), new(), TestContext.Current.CancellationToken));
        await replicas.UntilOwnedByAsync("a", "b");
        await Replicas.UntilAsync(() => replicas.Client.Resource(CoreTypes.ConfigMaps).GetAsync(new(replicas.Namespace, "fleet-counter-owners"), TestContext.Current.CancellationToken).Result is not null, () => "there is no table");
        await replicas.CheckAsync();
    }
}
