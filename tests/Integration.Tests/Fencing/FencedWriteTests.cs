using System.Text.Json.Nodes;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Status;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.Fencing;

/// <summary>An old owner's write is refused by the store, whatever the old owner believes; over a real API server and the embedded one.</summary>
public sealed class FencedWriteTests
{
    private static readonly ApplyOptions Apply = new("fence-test") { Force = true };

    private static readonly ResourceKind Namespaces = CoreKinds.Namespaces;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task An_apply_that_was_frozen_after_the_proof_does_not_overwrite_the_new_owners(string server)
    {
        using var stage = await Stage.OpenAsync(server, "old");
        stage.Owners.Frozen = async () =>
        {
            stage.Owners.HandOver();
            await stage.ApplyAsync("new", stage.Owners.New);
        };
        await Assert.ThrowsAsync<GrainElsewhereException>(() => stage.ApplyAsync("old again", stage.Owners.Old));
        Assert.Equal("new", await stage.ValueAsync());
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task An_object_that_the_new_owner_has_made_meanwhile_is_not_made_again(string server)
    {
        using var stage = await Stage.OpenAsync(server, null);
        stage.Owners.Frozen = async () =>
        {
            stage.Owners.HandOver();
            await stage.ApplyAsync("new", stage.Owners.New);
        };
        await Assert.ThrowsAsync<GrainElsewhereException>(() => stage.ApplyAsync("old", stage.Owners.Old));
        Assert.Equal("new", await stage.ValueAsync());
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task An_object_that_the_new_owner_has_deleted_meanwhile_does_not_come_back(string server)
    {
        using var stage = await Stage.OpenAsync(server, "old");
        stage.Owners.Frozen = async () =>
        {
            stage.Owners.HandOver();
            Assert.True(await stage.Objects.DeleteFencedAsync(stage.Key, null, DeleteOptions.Background, stage.Owners.New, Ct));
        };
        await Assert.ThrowsAsync<GrainElsewhereException>(() => stage.ApplyAsync("old again", stage.Owners.Old));
        Assert.Null(await stage.Objects.GetAsync(stage.Key, Ct));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Patch_and_deletion_of_an_old_owner_leave_the_object_as_it_is(string server)
    {
        using var stage = await Stage.OpenAsync(server, "old");
        stage.Owners.Frozen = async () =>
        {
            stage.Owners.HandOver();
            await stage.ApplyAsync("new", stage.Owners.New);
        };
        JsonObject patch = new() { ["data"] = new JsonObject { ["value"] = "old again" } };
        await Assert.ThrowsAsync<GrainElsewhereException>(() => stage.Objects.PatchFencedAsync(stage.Key, null, patch, PatchOptions.Default, stage.Owners.Old, Ct));
        Assert.Equal("new", await stage.ValueAsync());

        using var other = await Stage.OpenAsync(server, "old");
        other.Owners.Frozen = async () =>
        {
            other.Owners.HandOver();
            await other.ApplyAsync("new", other.Owners.New);
        };
        await Assert.ThrowsAsync<GrainElsewhereException>(() => other.Objects.DeleteFencedAsync(other.Key, null, DeleteOptions.Background, other.Owners.Old, Ct));
        Assert.Equal("new", await other.ValueAsync());
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Somebody_elses_write_only_makes_an_owner_read_again(string server)
    {
        using var stage = await Stage.OpenAsync(server, "first");
        stage.Owners.Frozen = () => stage.Objects.PatchAsync(
            stage.Key, Patch.Merge(new() { ["data"] = new JsonObject { ["theirs"] = "kept" } }), new() { FieldManager = "somebody" }, Ct);
        var written = await stage.ApplyAsync("second", stage.Owners.Old);
        Assert.Equal(("second", "kept"), ((string?)written.At("data", "value"), (string?)written.At("data", "theirs")));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_was_made_by_an_apply_loses_what_the_next_one_does_not_state(string server)
    {
        using var stage = await Stage.OpenAsync(server, null);
        var made = await stage.Objects.ApplyFencedAsync(stage.Body(new() { ["value"] = "1", ["gone"] = "2" }), Apply, stage.Owners.Old, Ct);
        Assert.Equal([("fence-test", "Apply")], made.At("metadata", "managedFields")!.AsArray().Select(entry => ((string)entry!["manager"]!, (string)entry["operation"]!)));
        var applied = await stage.ApplyAsync("1", stage.Owners.Old);
        Assert.Equal(["value"], applied.At("data")!.AsObject().Select(field => field.Key));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_maker_that_died_before_the_hand_over_leaves_nothing_behind_that_no_apply_could_remove(string server)
    {
        using var stage = await Stage.OpenAsync(server, null);
        await stage.Objects.CreateAsync(new(stage.Body(new() { ["value"] = "1", ["gone"] = "2" })), AppliedFields.Maker(Apply.FieldManager), Ct);
        var applied = await stage.ApplyAsync("1", stage.Owners.Old);
        Assert.Equal(["value"], applied.At("data")!.AsObject().Select(field => field.Key));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Status_that_was_planned_before_the_new_owners_write_is_refused_though_it_states_other_fields(string server)
    {
        using var stage = await Stage.OpenAsync(server, null);
        var client = stage.Client;
        var seen = await client.Dynamic(Namespaces).CreateAsync(
            new(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = stage.Key.Name } }), Ct);
        var writer = new StatusWriter(client, TimeProvider.System);
        // The same phase as it has: what is refused is the write, not the value.
        Assert.Equal(StatusWriteResult.Written, await writer.WriteAsync(Change(seen, stage.Owners.Old, "Fresh")));
        stage.Owners.HandOver();
        var fresh = await client.Dynamic(Namespaces).GetAsync(seen.Key, Ct);
        Assert.Equal(StatusWriteResult.Written, await writer.WriteAsync(Change(fresh!, stage.Owners.New, "New")));

        await Assert.ThrowsAsync<GrainElsewhereException>(() => writer.WriteAsync(Change(seen, stage.Owners.Old, "Old")));
        var after = await client.Dynamic(Namespaces).GetAsync(seen.Key, Ct);
        Assert.Equal("New", (string?)after!.At("status", "conditions")![0]!["reason"]);
    }

    private static StatusChange Change(DynamicObject seen, GrainOwnership owner, string reason) => new()
    {
        Kind = Namespaces,
        Metadata = new() { Name = seen.Key.Name, Uid = seen.Metadata.Uid, ResourceVersion = seen.Metadata.ResourceVersion },
        Seen = seen.Root["status"] as JsonObject,
        // A merge of a field, without conditions of our own: it was not of a version before.
        Fields = new() { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Test", ["status"] = "True", ["reason"] = reason, ["message"] = "" }) },
        Ownership = owner,
    };

    /// <summary>A ConfigMap of its own in one of the servers.</summary>
    private sealed class Stage(KubernetesClient client, string name) : IDisposable
    {
        public KubernetesClient Client => client;

        public ObjectKey Key { get; } = new("default", name);

        public TwoOwners Owners { get; } = new(name);

        public IResourceClient<DynamicObject> Objects => client.Dynamic(CoreKinds.ConfigMaps);

        /// <param name="server">Which server.</param>
        /// <param name="value">What the old owner has written while it was the owner; null when it has made nothing yet.</param>
        public static async Task<Stage> OpenAsync(string server, string? value)
        {
            var fixture = await ApiServers.SharedAsync(server);
            var stage = new Stage(KubernetesClient.Create(KubeConfig.FollowEndpoint(fixture.KubeconfigPath)), "fence-" + Guid.NewGuid().ToString("n")[..12]);
            if (value is not null)
                await stage.ApplyAsync(value, stage.Owners.Old);
            return stage;
        }

        public JsonObject Body(JsonObject data) => new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = Key.Name, ["namespace"] = Key.Namespace },
            ["data"] = data,
        };

        public Task<DynamicObject> ApplyAsync(string value, GrainOwnership owner) => Objects.ApplyFencedAsync(Body(new() { ["value"] = value }), Apply, owner, Ct);

        public async Task<string?> ValueAsync() => (string?)(await Objects.GetAsync(Key, Ct))?.At("data", "value");

        public void Dispose() => client.Dispose();
    }
}
