using System.Text.Json.Nodes;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.Manifests;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.Fencing;

/// <summary>What StateManager writes into a managed cluster beside helm: corrections of drift and the ground of services. That of an old owner is refused by the cluster.</summary>
public sealed class ManagedClusterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The server, and whether the release is applied on the server's side, as helm 4 does.</summary>
    public static TheoryData<string, bool> Repairs
    {
        get
        {
            var rows = new TheoryData<string, bool>();
            foreach (var server in ApiServers.Names)
            {
                rows.Add(server, false);
                rows.Add(server, true);
            }
            return rows;
        }
    }

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Repairs))]
    public Task A_correction_of_an_old_owner_leaves_what_the_new_one_has_declared(string server, bool isServerSideApplied) => OldAgainstNewAsync(server, isServerSideApplied, isThere: true);

    [Theory, MemberData(nameof(Repairs))]
    public Task An_old_owner_does_not_make_again_what_the_new_one_has_made(string server, bool isServerSideApplied) => OldAgainstNewAsync(server, isServerSideApplied, isThere: false);

    private static async Task OldAgainstNewAsync(string server, bool isServerSideApplied, bool isThere)
    {
        using var client = await ClientAsync(server);
        var (owners, key) = Grain();
        if (isThere)
            await client.Dynamic(CoreKinds.ConfigMaps).CreateAsync(new(ConfigMap(key, "drifted")), "somebody", Ct);
        owners.Frozen = async () =>
        {
            owners.HandOver();
            await CorrectAsync(client, key, "new", isServerSideApplied, owners.New);
        };
        await Assert.ThrowsAsync<GrainElsewhereException>(() => CorrectAsync(client, key, "old", isServerSideApplied, owners.Old));
        Assert.Equal("new", await ValueAsync(client, key));
    }

    [Theory, MemberData(nameof(Repairs))]
    public async Task An_owner_corrects_in_spite_of_somebody_elses_writes(string server, bool isServerSideApplied)
    {
        using var client = await ClientAsync(server);
        var (owners, key) = Grain();
        await client.Dynamic(CoreKinds.ConfigMaps).CreateAsync(new(ConfigMap(key, "drifted")), "somebody", Ct);
        owners.Frozen = () => client.Dynamic(CoreKinds.ConfigMaps).PatchAsync(
            key, Patch.Merge(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["status"] = "changes all the time" } } }), PatchOptions.Default, Ct);
        Assert.Equal((true, null), await CorrectAsync(client, key, "declared", isServerSideApplied, owners.Old));
        Assert.Equal("declared", await ValueAsync(client, key));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_ground_of_a_service_stays_as_the_new_owner_has_laid_it(string server)
    {
        using var client = await ClientAsync(server);
        var (owners, key) = Grain();
        var layer = new FoundationLayer(TimeProvider.System);
        owners.Frozen = async () =>
        {
            owners.HandOver();
            await layer.LayAsync(client, [Namespace(key.Name, "new")], false, true, owners.New, Ct);
        };
        await Assert.ThrowsAsync<GrainElsewhereException>(() => layer.LayAsync(client, [Namespace(key.Name, "old")], false, true, owners.Old, Ct));
        var after = await client.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster(key.Name), Ct);
        Assert.Equal("new", after!.Metadata.Labels!["team"]);
    }

    private static async Task<KubernetesClient> ClientAsync(string server) =>
        KubernetesClient.Create(KubeConfig.FollowEndpoint((await ApiServers.SharedAsync(server)).KubeconfigPath));

    private static (TwoOwners Owners, ObjectKey Key) Grain()
    {
        var name = "ground-" + Guid.NewGuid().ToString("n")[..12];
        return (new(name), new("default", name));
    }

    private static JsonObject ConfigMap(ObjectKey key, string value) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
        ["data"] = new JsonObject { ["value"] = value },
    };

    private static JsonObject Namespace(string name, string team) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["team"] = team } },
    };

    private static Task<(bool Tried, string? Error)> CorrectAsync(IKubernetesClient client, ObjectKey key, string declared, bool isServerSideApplied, GrainOwnership owner)
    {
        var o = new InventoryObject(GroupVersionKind.Parse("v1", "ConfigMap"), CoreKinds.ConfigMaps, key, PackedJson.Of(ConfigMap(key, declared)));
        return DriftCorrector.CorrectAsync(new ObjectDrift(o), isServerSideApplied, DriftRules.None, client, owner, Ct);
    }

    private static async Task<string?> ValueAsync(IKubernetesClient client, ObjectKey key) =>
        (string?)(await client.Dynamic(CoreKinds.ConfigMaps).GetAsync(key, Ct))?.At("data", "value");
}
