using System.Text.Json.Nodes;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Applying;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Events;
using Fleet.Kubernetes.Leases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Table;
using Fleet.Kubernetes.Watching;
using Fleet.Testing.ApiServers;

namespace Fleet.Contract.Tests.Client;

/// <summary>Every operation of the client on every API server there is; each test works in a namespace of its own.</summary>
public sealed class ClientTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    private static async Task<(KubernetesClient Client, string Namespace)> OpenAsync(string server)
    {
        var fixture = await ApiServers.SharedAsync(server);
        var client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [fixture.KubeconfigPath] }));
        var name = "client-" + Guid.NewGuid().ToString("n")[..10];
        await client.Resource(CoreTypes.Namespaces).CreateAsync(new() { Metadata = new() { Name = name } }, None);
        return (client, name);
    }

    private static ConfigMap Map(string ns, string name, string value = "1")
        => new() { Metadata = new() { Name = name, Namespace = ns, Labels = new() { ["app"] = "test" } }, Data = new() { ["v"] = value } };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Objects_are_created_read_updated_and_deleted(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        var maps = client.Resource(CoreTypes.ConfigMaps);
        var key = new ObjectKey(ns, "a");
        Assert.Null(await maps.GetAsync(key, None));
        var created = await maps.CreateAsync(Map(ns, "a"), None);
        Assert.NotNull(created.Metadata.Uid);
        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => maps.CreateAsync(Map(ns, "a"), None))).IsAlreadyExists);

        created.Data!["v"] = "2";
        var updated = await maps.UpdateAsync(created, None);
        Assert.Equal("2", updated.Data!["v"]);
        created.Data["v"] = "3";
        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => maps.UpdateAsync(created, None))).IsConflict);

        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => maps.DeleteAsync(key, new() { Uid = Guid.NewGuid().ToString() }, None))).IsConflict);
        Assert.True(await maps.DeleteAsync(key, new() { Uid = updated.Metadata.Uid }, None));
        Assert.False(await maps.DeleteAsync(key, DeleteOptions.Background, None));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Each_kind_of_patch_works_and_a_dry_run_changes_nothing(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        var maps = client.Resource(CoreTypes.ConfigMaps);
        var key = new ObjectKey(ns, "a");
        await maps.CreateAsync(Map(ns, "a"), None);
        var merged = await maps.PatchAsync(key, Patch.Merge(new() { ["data"] = new JsonObject { ["v"] = null, ["w"] = "x" } }), PatchOptions.Default, None);
        Assert.Equal(["w"], merged.Data!.Keys);
        var json = await maps.PatchAsync(key, Patch.Json([new JsonObject { ["op"] = "add", ["path"] = "/data/j", ["value"] = "y" }]), PatchOptions.Default, None);
        Assert.Equal("y", json.Data!["j"]);
        var strategic = await maps.PatchAsync(key, Patch.Strategic(new() { ["data"] = new JsonObject { ["s"] = "z" } }), PatchOptions.Default, None);
        Assert.Equal(3, strategic.Data!.Count);
        var dry = await maps.PatchAsync(key, Patch.Merge(new() { ["data"] = null }), new() { DryRun = true }, None);
        Assert.Null(dry.Data);
        Assert.Equal(3, (await maps.GetAsync(key, None))!.Data!.Count);
        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => maps.PatchAsync(key, Patch.Merge(new() { ["data"] = 7 }), PatchOptions.Default, None))).Code is 400 or 422);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Apply_tells_what_it_did_and_conflicts_need_force(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        JsonObject Manifest(string value) => new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = "a" },
            ["data"] = new JsonObject { ["v"] = value },
        };
        Assert.Equal(ApplyOutcome.Created, (await client.ApplyManifestAsync(Manifest("1"), ns, new("me"), None)).Outcome);
        Assert.Equal(ApplyOutcome.Unchanged, (await client.ApplyManifestAsync(Manifest("1"), ns, new("me"), None)).Outcome);
        Assert.Equal(ApplyOutcome.Configured, (await client.ApplyManifestAsync(Manifest("2"), ns, new("me"), None)).Outcome);
        var conflict = await Assert.ThrowsAsync<KubeApiException>(() => client.ApplyManifestAsync(Manifest("3"), ns, new("you"), None));
        Assert.True(conflict.IsConflict);
        Assert.Contains(conflict.Details!.Causes, c => c.Field == ".data.v");
        Assert.Equal(ApplyOutcome.Configured, (await client.ApplyManifestAsync(Manifest("3"), ns, new("you") { Force = true }, None)).Outcome);
        var unknown = await Assert.ThrowsAsync<KubeApiException>(() => client.ApplyManifestAsync(new() { ["apiVersion"] = "no.such/v1", ["kind"] = "Thing" }, ns, new("me"), None));
        Assert.True(unknown.IsNotFound);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Lists_are_paged_and_selected(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        var maps = client.Resource(CoreTypes.ConfigMaps);
        for (var i = 0; i < 7; i++)
            await maps.CreateAsync(Map(ns, $"m{i}"), None);
        var list = await maps.ListAsync(new() { Namespace = ns, LabelSelector = "app=test", PageSize = 3 }, None);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"m{i}"), list.Items.Select(m => m.Metadata.Name));
        Assert.NotEqual("", list.ResourceVersion);
        Assert.Empty((await maps.ListAsync(new() { Namespace = ns, LabelSelector = "app=other" }, None)).Items);
        Assert.Single((await maps.ListAsync(new() { Namespace = ns, FieldSelector = "metadata.name=m3" }, None)).Items);
        Assert.Equal("ConfigMap", (await client.Dynamic(CoreTypes.ConfigMaps.Kind).ListAsync(new() { Namespace = ns }, None)).Items[0].Kind);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_list_is_as_it_was_at_the_version_of_another_kinds_list(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        var maps = client.Resource(CoreTypes.ConfigMaps);
        foreach (var name in (string[])["changes", "goes", "stays"])
            await maps.CreateAsync(Map(ns, name, "old"), None);
        var moment = (await client.Resource(CoreTypes.Secrets).ListAsync(new() { Namespace = ns }, None)).ResourceVersion;
        await maps.PatchAsync(new(ns, "changes"), Patch.Merge(new() { ["data"] = new JsonObject { ["v"] = "new" } }), PatchOptions.Default, None);
        await maps.PatchAsync(new(ns, "changes"), Patch.Merge(new() { ["data"] = new JsonObject { ["v"] = "newer" } }), PatchOptions.Default, None);
        await maps.DeleteAsync(new(ns, "goes"), DeleteOptions.Background, None);
        await maps.CreateAsync(Map(ns, "comes", "new"), None);
        foreach (var size in (int[])[0, 1])
        {
            var then = await maps.ListAsync(new() { Namespace = ns, LabelSelector = "app=test", PageSize = size, ExactVersion = moment }, None);
            Assert.Equal(["changes old", "goes old", "stays old"], then.Items.Select(map => $"{map.Metadata.Name} {map.Data!["v"]}"));
            Assert.Equal(moment, then.ResourceVersion);
        }
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Of_large_objects_only_the_metadata_is_sent(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        var kind = CoreTypes.ConfigMaps.Kind;
        var from = (await client.Metadata(kind).ListAsync(new() { Namespace = ns }, None)).ResourceVersion;
        await client.Resource(CoreTypes.ConfigMaps).CreateAsync(Map(ns, "large", new string('x', 100_000)), None);

        var listed = Assert.Single((await client.Metadata(kind).ListAsync(new() { Namespace = ns, LabelSelector = "app=test" }, None)).Items);
        var read = await client.Metadata(kind).GetAsync(new(ns, "large"), None);
        await using var watch = client.Metadata(kind).WatchAsync(new() { Namespace = ns, ResourceVersion = from, Timeout = TimeSpan.FromSeconds(20) }, None).GetAsyncEnumerator(None);
        while (await watch.MoveNextAsync() && watch.Current is not { Type: WatchEventType.Added, Object.Metadata.Name: "large" }) { }

        // A server that did not know the form would send the ConfigMap itself.
        Assert.All(new[] { listed, read!, watch.Current.Object }, item => Assert.Equal(("PartialObjectMetadata", "large", "test"), (item.Kind, item.Metadata.Name, item.Metadata.Labels?["app"])));
        Assert.Null(await client.Metadata(kind).GetAsync(new(ns, "none"), None));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_watch_reports_changes_and_an_old_version_is_gone(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        var maps = client.Resource(CoreTypes.ConfigMaps);
        var from = (await maps.ListAsync(new() { Namespace = ns }, None)).ResourceVersion;
        await maps.CreateAsync(Map(ns, "a"), None);
        await maps.PatchAsync(new(ns, "a"), Patch.Merge(new() { ["data"] = new JsonObject { ["v"] = "2" } }), PatchOptions.Default, None);
        await maps.DeleteAsync(new(ns, "a"), DeleteOptions.Background, None);
        var seen = new List<WatchEventType>();
        await foreach (var e in maps.WatchAsync(new() { Namespace = ns, LabelSelector = "app=test", ResourceVersion = from, Timeout = TimeSpan.FromSeconds(20) }, None))
        {
            seen.Add(e.Type);
            if (e.Type == WatchEventType.Deleted)
                break;
        }

        Assert.Equal([WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted], seen);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task An_informer_follows_and_indexes(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        var maps = client.Resource(CoreTypes.ConfigMaps);
        await maps.CreateAsync(Map(ns, "a"), None);
        await using var informer = maps.Informer(new InformerOptions<ConfigMap, string>
        {
            Namespace = ns,
            LabelSelector = "app=test",
            Project = m => m.Data!["v"],
            Indices = new Dictionary<string, Func<string, IEnumerable<string>>> { ["value"] = v => [v] },
        });
        var changed = new SemaphoreSlim(0);
        informer.Subscribe(_ => changed.Release());
        informer.Start();
        await informer.WaitForSyncAsync(None);
        Assert.Equal(1, informer.Count);
        await maps.CreateAsync(Map(ns, "b", "9"), None);
        Assert.True(await changed.WaitAsync(TimeSpan.FromSeconds(20), None) && await changed.WaitAsync(TimeSpan.FromSeconds(20), None));
        Assert.Equal(["9"], informer.ByIndex("value", "9"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Status_and_other_subresources_are_written_and_read(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        var manifest = JsonNode.Parse(
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """)!.AsObject();
        await client.ApplyManifestAsync(manifest, ns, new("me"), None);
        var deployments = client.Resource(CoreTypes.Deployments);
        var key = new ObjectKey(ns, "web");
        Assert.Equal(2, (int?)(await deployments.GetSubresourceAsync(key, "scale", None))?["spec"]?["replicas"]);
        Assert.Null(await deployments.GetSubresourceAsync(new(ns, "nope"), "scale", None));
        var patched = await deployments.PatchAsync(
            key, Patch.Merge(new() { ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Fleet", ["status"] = "True", ["reason"] = "Test", ["message"] = "m" }) } }),
            new() { Subresource = "status" }, None);
        Assert.Contains(patched.Status!.Conditions!, c => c.Type == "Fleet");
        Assert.True(await deployments.DeleteAsync(key, new() { Propagation = DeletionPropagation.Foreground }, None));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Discovery_resolves_kinds_and_words(string server)
    {
        var (client, _) = await OpenAsync(server);
        using var owned = client;
        Assert.Equal(CoreTypes.Deployments.Kind, await client.FindKindAsync(new("apps", "v1", "Deployment"), None));
        Assert.Null(await client.FindKindAsync(new("apps", "v1", "Nothing"), None));
        foreach (var word in new[] { "deploy", "deployments", "Deployment", "deployment.apps", "deployments.v1.apps", "DEPLOY" })
            Assert.Equal(CoreTypes.Deployments.Kind, (await client.Discovery.FindByWordAsync(word, None))?.Kind);
        Assert.Equal(CoreTypes.Namespaces.Kind, (await client.Discovery.FindByWordAsync("ns", None))?.Kind);
        Assert.Equal("", (await client.Discovery.FindByWordAsync("events", None))?.Kind.Group);
        Assert.Null(await client.Discovery.FindByWordAsync("nothing", None));
        Assert.Contains("status", (await client.Discovery.FindByWordAsync("deploy", None))!.Subresources);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_lease_has_one_holder_and_counts_transitions(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        LeaseLock Lock(string who) => new(client.Resource(CoreTypes.Leases), new(ns, "lock"), who, TimeSpan.FromSeconds(15), TimeProvider.System);
        LeaseLock one = Lock("one"), two = Lock("two");
        Assert.True((await one.TryAcquireOrRenewAsync(None)) is { IsHeld: true, Transitions: 0 });
        Assert.True((await two.TryAcquireOrRenewAsync(None)) is { IsHeld: false, Holder: "one" });
        Assert.True((await one.TryAcquireOrRenewAsync(None)) is { IsHeld: true, Transitions: 0 });
        Assert.True(await one.ReleaseAsync(None));
        Assert.True((await two.TryAcquireOrRenewAsync(None)) is { IsHeld: true, Transitions: 1 });
        Assert.False(await one.ReleaseAsync(None));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Repeated_events_become_a_series(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        var map = await client.Resource(CoreTypes.ConfigMaps).CreateAsync(Map(ns, "a"), None);
        var events = client.Resource(CoreTypes.Events);
        var recorder = new EventRecorder(events, new() { Controller = "fleet.example.com/test", Instance = "here" });
        for (var i = 0; i < 3; i++)
            recorder.Warning(ObjectReference.To(map), "Failed", "Reconcile", $"try {i}");
        recorder.Normal(ObjectReference.To(map), "Ready", "Reconcile", "done");
        // The farewell is a few seconds: only the series is left to it.
        var began = TimeProvider.System.GetTimestamp();
        while ((await events.ListAsync(new() { Namespace = ns }, None)).Items.Count < 2 && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, None);
        await recorder.DisposeAsync();
        Assert.True(recorder.Dropped == 0, recorder.LastError?.ToString());
        var written = (await events.ListAsync(new() { Namespace = ns }, None)).Items.OrderBy(e => e.Type, StringComparer.Ordinal).ToList();
        Assert.Equal(["Normal Ready ", "Warning Failed 3"], written.Select(e => $"{e.Type} {e.Reason} {e.Series?.Count}"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task The_server_renders_tables(string server)
    {
        var (client, ns) = await OpenAsync(server);
        using var _ = client;
        await client.Resource(CoreTypes.ConfigMaps).CreateAsync(Map(ns, "a-map"), None);
        var table = await client.TableAsync(CoreTypes.ConfigMaps.Kind, new() { Namespace = ns, LabelSelector = "app=test", PageSize = 1 }, None);
        var lines = TableText.Render(table, withNamespace: true).Split('\n');
        Assert.Matches("^NAMESPACE +NAME +DATA +AGE$", lines[0]);
        Assert.Matches($"^{ns} +a-map +1 +", lines[1]);
    }
}
