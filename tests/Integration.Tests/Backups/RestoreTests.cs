using System.Text.Json.Nodes;
using Fleet.Backup.Archives;
using Fleet.Backup.Restores;
using Fleet.Contracts;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.Backups;

/// <summary>From one embedded API server into another, without controllers: what comes back, in which state, and what a cut-off does.</summary>
public sealed class RestoreTests
{
    private const string Fleet = "k0rdent.mirantis.com/v1beta1";
    private const string Capi = "cluster.x-k8s.io/v1beta2";

    /// <summary>One for all tests that only read it, with its backup; it ends with the process.</summary>
    private static readonly Lazy<Task<BackupStage>> Saved = new(async () =>
    {
        var stage = await FilledAsync();
        var manifest = await stage.BackUpAsync();
        Assert.DoesNotContain(manifest.Missing, missing => missing.Contains("identity", StringComparison.Ordinal));
        return stage;
    });

    private const string Objects = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: team, labels: {tier: gold}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: elsewhere}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: unrelated}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: of-somebody-else, namespace: unrelated}
        stringData: {a: b}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: identity, namespace: elsewhere}
        stringData: {token: canary}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: login, namespace: team}
        spec: {identityRef: {apiVersion: v1, kind: Secret, name: identity, namespace: elsewhere}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: web, namespace: team, labels: {env: prod}, finalizers: [k0rdent.mirantis.com/cluster-deployment]}
        spec: {template: t, credential: login, config: {workersNumber: 1}}
        ---
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {name: web, namespace: team}
        spec: {controlPlaneEndpoint: {host: 10.0.0.1, port: 6443}, paused: true}
        ---
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {name: free, namespace: team}
        spec: {controlPlaneEndpoint: {host: 10.0.0.2, port: 6443}}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everything_comes_back_with_status_owners_and_what_specs_refer_to(bool real)
    {
        var old = await Saved.Value;
        await using var fresh = await BackupStage.StartAsync(defined: false, real);
        var report = await fresh.RestoreAsync(old);
        Assert.True(report.Succeeded, string.Join('\n', report.Objects.Where(item => item.Outcome == RestoreOutcome.Failed)));
        Assert.Empty(report.StillPaused);

        var (before, after) = (await old.GetAsync(Fleet, "ClusterDeployment", "web"), await fresh.GetAsync(Fleet, "ClusterDeployment", "web"));
        Assert.NotEqual(before.Metadata.Uid, after.Metadata.Uid);
        Assert.True(JsonNode.DeepEquals(before.Root["spec"], after.Root["spec"]));
        Assert.True(JsonNode.DeepEquals(before.Root["status"], after.Root["status"]), after.Root["status"]?.ToJsonString());
        Assert.Equal(before.Metadata.Labels, after.Metadata.Labels);
        Assert.Equal(before.Metadata.Finalizers, after.Metadata.Finalizers);
        // No mark and no pause is left; the identity by which its release knows it is, and by which restore it came here.
        Assert.Equal([FleetAnnotations.ManagementEpoch, FleetAnnotations.RestoredUid], after.Metadata.Annotations!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(before.Metadata.Uid, after.Metadata.Annotations[FleetAnnotations.RestoredUid]);

        var owner = Assert.Single((await fresh.GetAsync(Fleet, "ServiceSet", "web")).Metadata.OwnerReferences!);
        Assert.Equal((after.Metadata.Uid, "ClusterDeployment", true), (owner.Uid, owner.Kind, owner.Controller));
        // Owned by something that is restored after it.
        Assert.Equal((await fresh.GetAsync(Capi, "Cluster", "web")).Metadata.Uid, Assert.Single((await fresh.GetAsync("v1", "Secret", "web-kubeconfig")).Metadata.OwnerReferences!).Uid);
        // Referred to from another namespace, without any label.
        Assert.Equal("Y2FuYXJ5", (string?)(await fresh.GetAsync("v1", "Secret", "identity", "elsewhere")).At("data", "token"));
        Assert.Null(await fresh.FindAsync("v1", "Secret", "of-somebody-else", "unrelated"));
        Assert.Equal("gold", (await fresh.GetAsync("v1", "Namespace", "team", "")).Metadata.Labels!["tier"]);

        // Who set which field is known as before: the user applies without what he no longer wants, and nobody else may hold on to it.
        await fresh.ApplyAsync("apiVersion: k0rdent.mirantis.com/v1beta1\nkind: ClusterDeployment\nmetadata: {name: web, namespace: team}\nspec: {template: t, credential: login}");
        var applied = await fresh.GetAsync(Fleet, "ClusterDeployment", "web");
        Assert.Null(applied.At("spec", "config"));
        Assert.Null(applied.At("metadata", "labels", "env"));
    }

    [Fact]
    public async Task A_cluster_that_was_paused_stays_paused_and_others_go_on()
    {
        var old = await Saved.Value;
        await using var fresh = await BackupStage.StartAsync();
        await fresh.RestoreAsync(old);
        Assert.Equal("true", (await fresh.GetAsync(Capi, "Cluster", "web")).At("spec", "paused")!.ToJsonString());
        Assert.Null((await fresh.GetAsync(Capi, "Cluster", "free")).At("spec", "paused"));
    }

    [Fact]
    public async Task A_second_restore_changes_nothing()
    {
        var old = await Saved.Value;
        await using var fresh = await BackupStage.StartAsync();
        await fresh.RestoreAsync(old);
        var version = (await fresh.GetAsync(Fleet, "ClusterDeployment", "web")).Metadata.ResourceVersion;
        var second = await fresh.RestoreAsync(old);
        Assert.Equal(0, second.Count(RestoreOutcome.Created) + second.Count(RestoreOutcome.Failed) + second.Count(RestoreOutcome.Resumed));
        Assert.Equal(version, (await fresh.GetAsync(Fleet, "ClusterDeployment", "web")).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task What_is_there_and_differs_stays_unless_it_is_to_be_replaced()
    {
        await using var old = await FilledAsync();
        await old.BackUpAsync();
        await old.ApplyAsync("apiVersion: k0rdent.mirantis.com/v1beta1\nkind: ClusterDeployment\nmetadata: {name: web, namespace: team}\nspec: {template: newer, credential: login}");
        var uid = (await old.GetAsync(Fleet, "ClusterDeployment", "web")).Metadata.Uid;

        var kept = await old.RestoreAsync(old);
        Assert.Equal(RestoreOutcome.Kept, Assert.Single(kept.Objects, item => item.Kind.Kind == "ClusterDeployment").Outcome);
        Assert.Equal("newer", (string?)(await old.GetAsync(Fleet, "ClusterDeployment", "web")).At("spec", "template"));

        await old.RestoreAsync(old, options => options with { Existing = ExistingObjects.Replace });
        var replaced = await old.GetAsync(Fleet, "ClusterDeployment", "web");
        Assert.Equal(("t", uid), ((string?)replaced.At("spec", "template"), replaced.Metadata.Uid));
        Assert.False(replaced.Metadata.Annotations?.ContainsKey(RestoreManifest.Mark));
        Assert.False(replaced.Metadata.Annotations?.ContainsKey(FleetAnnotations.Paused));
    }

    [Fact]
    public async Task A_dry_run_tells_and_writes_nothing()
    {
        var old = await Saved.Value;
        await using var fresh = await BackupStage.StartAsync();
        var report = await fresh.RestoreAsync(old, options => options with { DryRun = true });
        Assert.Contains(report.Objects, item => item is { Outcome: RestoreOutcome.Created, Kind.Kind: "ClusterDeployment" });
        Assert.Null(await fresh.FindAsync("v1", "Namespace", "team", ""));
    }

    [Fact]
    public async Task Only_what_is_selected_comes_back_with_its_namespace()
    {
        var old = await Saved.Value;
        await using var fresh = await BackupStage.StartAsync();
        await fresh.RestoreAsync(old, options => options with { Only = [ObjectSelection.Parse("credentials/team/login")] });
        Assert.NotNull(await fresh.FindAsync(Fleet, "Credential", "login"));
        Assert.Null(await fresh.FindAsync(Fleet, "ClusterDeployment", "web"));
    }

    [Fact]
    public async Task A_restore_that_is_cut_off_anywhere_is_gone_on_from()
    {
        var old = await Saved.Value;
        await using var whole = await BackupStage.StartAsync();
        var steps = new Count();
        await whole.RestoreAsync(old, progress: steps);
        await using var fresh = await BackupStage.StartAsync();
        for (var cut = 1; cut < steps.Seen; cut += 3)
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fresh.RestoreAsync(old, options => options with { Parallelism = 1 }, new CutOff(cut, stop), stop.Token));
        }

        var report = await fresh.RestoreAsync(old);
        Assert.True(report.Succeeded, string.Join('\n', report.Objects.Where(item => item.Outcome == RestoreOutcome.Failed)));
        var cluster = await fresh.GetAsync(Fleet, "ClusterDeployment", "web");
        Assert.Equal([FleetAnnotations.ManagementEpoch, FleetAnnotations.RestoredUid], cluster.Metadata.Annotations!.Keys.Order(StringComparer.Ordinal));
        Assert.NotNull(cluster.At("status", "k8sVersion"));
        Assert.Equal(cluster.Metadata.Uid, Assert.Single((await fresh.GetAsync(Fleet, "ServiceSet", "web")).Metadata.OwnerReferences!).Uid);
        Assert.Single((await fresh.GetAsync("v1", "Secret", "web-kubeconfig")).Metadata.OwnerReferences!);
        Assert.DoesNotContain(
            (await fresh.Client.Dynamic(new("k0rdent.mirantis.com", "v1beta1", "ServiceSet", "servicesets", true)).ListAsync(ListOptions.All, CancellationToken.None)).Items,
            set => set.Metadata.Annotations?.ContainsKey(RestoreManifest.Mark) == true);
    }

    [Fact]
    public async Task A_damaged_archive_changes_nothing()
    {
        var bytes = await File.ReadAllBytesAsync((await Saved.Value).Archive, TestContext.Current.CancellationToken);
        using var whole = new MemoryStream(bytes);
        using var archive = await ArchiveReader.OpenAsync(whole, BackupStage.Secret, TestContext.Current.CancellationToken);
        var part = archive.Manifest.Parts[^1];
        bytes[part.Offset + part.StoredSize - 3] ^= 4;
        await using var fresh = await BackupStage.StartAsync();
        var refused = await Assert.ThrowsAsync<ArchiveException>(() => fresh.RestoreAsync(new MemoryStream(bytes)));
        Assert.Equal(part.Name, refused.Part);
        Assert.Null(await fresh.FindAsync("v1", "Namespace", "team", ""));
    }

    /// <summary>A backup that the first release wrote, with the key of these tests. Every later one must bring it back.</summary>
    [Fact]
    public async Task A_backup_of_the_first_release_is_restored()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Backups", "Fixtures", "first-release.fleetbackup");
        await using var fresh = await BackupStage.StartAsync();
        await using var content = File.OpenRead(path);
        var report = await fresh.RestoreAsync(content);
        Assert.True(report.Succeeded, string.Join('\n', report.Objects.Where(item => item.Outcome == RestoreOutcome.Failed)));
        var cluster = await fresh.GetAsync(Fleet, "ClusterDeployment", "web");
        Assert.Equal(("v1.33.0", "t"), ((string?)cluster.At("status", "k8sVersion"), (string?)cluster.At("spec", "template")));
        Assert.Equal(cluster.Metadata.Uid, Assert.Single((await fresh.GetAsync(Fleet, "ServiceSet", "web")).Metadata.OwnerReferences!).Uid);
        Assert.Equal("Y2FuYXJ5", (string?)(await fresh.GetAsync("v1", "Secret", "identity", "elsewhere")).At("data", "token"));
    }

    private static async Task<BackupStage> FilledAsync()
    {
        var stage = await BackupStage.StartAsync();
        await stage.ApplyAsync(Objects);
        await stage.StatusAsync("apiVersion: k0rdent.mirantis.com/v1beta1\nkind: ClusterDeployment\nmetadata: {name: web, namespace: team}\nstatus: {k8sVersion: v1.33.0, observedGeneration: 1}");
        var cluster = (await stage.GetAsync(Fleet, "ClusterDeployment", "web")).Metadata.Uid;
        var capi = (await stage.GetAsync(Capi, "Cluster", "web")).Metadata.Uid;
        await stage.ApplyAsync($$"""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ServiceSet
            metadata:
              name: web
              namespace: team
              ownerReferences: [{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterDeployment, name: web, uid: {{cluster}}, controller: true}]
            spec: {cluster: web, provider: {name: ksm-projectsveltos} }
            ---
            apiVersion: v1
            kind: Secret
            metadata:
              name: web-kubeconfig
              namespace: team
              ownerReferences: [{apiVersion: cluster.x-k8s.io/v1beta2, kind: Cluster, name: web, uid: {{capi}}}]
            stringData: {value: kubeconfig}
            """);
        return stage;
    }

    private sealed class Count : IProgress<RestoreProgress>
    {
        private int seen;

        public int Seen => seen;

        public void Report(RestoreProgress value) => Interlocked.Increment(ref seen);
    }

    private sealed class CutOff(int after, CancellationTokenSource stop) : IProgress<RestoreProgress>
    {
        private int seen;

        public void Report(RestoreProgress value)
        {
            if (Interlocked.Increment(ref seen) == after)
                stop.Cancel();
        }
    }
}
