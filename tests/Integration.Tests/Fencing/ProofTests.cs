using Fleet.Control.Grains;
using Fleet.Control.Ownership;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.Fencing;

/// <summary>The proof is of the table as it is stored, not of what the process has last seen of it.</summary>
public sealed class ProofTests
{
    private static readonly GrainId Grain = new("cluster", new("team", "prod"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task An_owner_that_still_believes_is_told_by_the_stored_table(string server)
    {
        var fixture = await ApiServers.SharedAsync(server);
        using var client = KubernetesClient.Create(KubeConfig.FollowEndpoint(fixture.KubeconfigPath));
        var options = new OwnershipOptions { Service = "proof-" + Guid.NewGuid().ToString("n")[..8], Replica = "a", Namespace = "default" };
        var table = new OwnershipTable(client.Resource(CoreTypes.ConfigMaps), options);
        var ours = Owned("a", 5, generation: 1);
        var directory = new LeasedGrainDirectory(client, options, new SlotMeter(TimeProvider.System), TimeProvider.System);
        directory.Hold(Holding.Nothing.Following(ours, "a", new Dictionary<int, long>()));
        directory.Renewed(TimeProvider.System.GetTimestamp(), TimeSpan.FromHours(1));
        var owner = new GrainOwnership(Grain, 5, directory);

        // No table: nothing is proven.
        await Assert.ThrowsAsync<GrainElsewhereException>(() => owner.ProveAsync(Ct).AsTask());
        var stored = await table.TryWriteAsync(ours, null, Ct);
        await owner.ProveAsync(Ct);
        stored = await table.TryWriteAsync(Owned("b", 6, generation: 2), stored!.Version, Ct);
        Assert.True(owner.IsCurrent);
        await Assert.ThrowsAsync<GrainElsewhereException>(() => owner.ProveAsync(Ct).AsTask());

        await client.Resource(CoreTypes.ConfigMaps).PatchAsync(
            new("default", options.TableName), Patch.Merge(new() { ["data"] = new System.Text.Json.Nodes.JsonObject { ["slots"] = "what?" } }), PatchOptions.Default, Ct);
        await Assert.ThrowsAsync<FormatException>(() => owner.ProveAsync(Ct).AsTask());
    }

    [Fact]
    public async Task A_store_that_does_not_answer_proves_nothing()
    {
        var fixture = await ApiServers.SharedAsync("embedded");
        using var nobody = KubernetesClient.Create(KubeConfig.FollowEndpoint(fixture.KubeconfigPath) with { Server = new("https://127.0.0.1:1/") });
        var options = new OwnershipOptions { Service = "nobody", Replica = "a", Namespace = "default" };
        var directory = new LeasedGrainDirectory(nobody, options, new SlotMeter(TimeProvider.System), TimeProvider.System);
        directory.Hold(Holding.Nothing.Following(Owned("a", 5, generation: 1), "a", new Dictionary<int, long>()));
        directory.Renewed(TimeProvider.System.GetTimestamp(), TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<KubeApiException>(() => directory.ProveAsync(Grain, 5, Ct).AsTask());
    }

    private static Assignment Owned(string replica, long epoch, long generation)
    {
        var slots = Assignment.Empty.Slots.ToArray();
        slots[Slots.Of(Grain)] = new(replica, epoch);
        return new(generation, slots);
    }
}
