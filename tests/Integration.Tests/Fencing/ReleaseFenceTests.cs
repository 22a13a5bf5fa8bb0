using System.Text.Json.Nodes;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Owners;
using Fleet.Helm.Releases;
using Fleet.Integration.Tests.Helm;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.Fencing;

/// <summary>Releases are won before helm works on them, with every helm that is supported.</summary>
public sealed class ReleaseFenceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Versions => HelmHost.Versions;

    [Theory, MemberData(nameof(Versions))]
    public async Task An_old_owners_helm_does_not_run_once_the_new_one_has_the_release(string version)
    {
        using var stage = await Stage.OpenAsync(version);
        Assert.Equal(1, await stage.UpgradeAsync("first", stage.Owners.Old));
        stage.Owners.Frozen = async () =>
        {
            stage.Owners.HandOver();
            Assert.Equal(2, await stage.UpgradeAsync("new", stage.Owners.New));
        };
        await Assert.ThrowsAsync<GrainElsewhereException>(() => stage.UpgradeAsync("old", stage.Owners.Old));
        // Nor later, nor by other operations, while it still believes.
        await Assert.ThrowsAsync<GrainElsewhereException>(() => stage.OwnAsync(stage.Owners.Old, ReleaseOptions.Default.AsUninstall(Recovery.None)));
        await Assert.ThrowsAsync<GrainElsewhereException>(() => stage.OwnAsync(stage.Owners.Old, ReleaseOptions.Default.AsRollback(Recovery.None)));
        var status = await stage.Helm.Releases.StatusAsync(stage.Release, stage.Cluster, Ct);
        Assert.Equal((2, ReleaseState.Deployed), (status!.Revision, status.State));
        Assert.Contains("text: \"new\"", await stage.Helm.Releases.GetManifestAsync(stage.Release, stage.Cluster, Ct), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task The_record_is_made_with_the_namespace_is_no_release_and_goes_with_the_release(string version)
    {
        using var stage = await Stage.OpenAsync(version);
        await stage.UpgradeAsync("first", stage.Owners.Old);
        var record = await stage.RecordAsync();
        Assert.Equal(["epoch", "holder"], record!.At("data")!.AsObject().Select(field => field.Key).Order());
        Assert.Equal(stage.Release.Name, record.Metadata.Labels![ReleaseOwnership.Label]);
        Assert.Equal([stage.Release], (await stage.Helm.Releases.ListAsync(stage.Cluster, stage.Release.Namespace, Ct)).Select(release => release.Name));

        await using (var hold = await stage.OwnAsync(stage.Owners.Old, ReleaseOptions.Default.AsUninstall(Recovery.None)))
        {
            Assert.True(await stage.Helm.Releases.UninstallAsync(stage.Release, stage.Cluster, ReleaseOptions.Default, Ct));
            hold.Gone();
        }
        Assert.Null(await stage.RecordAsync());
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_helm_of_the_former_owner_that_may_still_run_is_waited_for_until_its_revision_is_there(string version)
    {
        using var stage = await Stage.OpenAsync(version);
        // Won, and cut off right before helm begins.
        await using var old = await stage.OwnAsync(stage.Owners.Old, ReleaseOptions.Default.AsUpgrade(Recovery.None));
        stage.Owners.HandOver();
        var waiting = stage.OwnAsync(stage.Owners.New, ReleaseOptions.Default.AsUpgrade(Recovery.None));
        // Asked a second time, it has not gone on after the first.
        await stage.Owners.NewHasAskedAsync(Ct);
        await stage.Owners.NewHasAskedAsync(Ct);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(1, await stage.RunAsync("late"));
        await using var won = await waiting;
        Assert.Equal(2, await stage.RunAsync("new"));
        // What the old one has to say of its end comes too late.
        await old.DisposeAsync();
        Assert.Equal("2", Text(await stage.RecordAsync(), "epoch"));
        Assert.Equal("upgrade", Text(await stage.RecordAsync(), "operation"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_record_of_the_future_is_told_and_not_overwritten(string version)
    {
        using var stage = await Stage.OpenAsync(version);
        stage.Owners.HandOver();
        await stage.UpgradeAsync("first", stage.Owners.New);
        // As after a table of owners that came from a backup: the store says that the older epoch is current.
        var other = new TwoOwners("other");
        var locked = await Assert.ThrowsAsync<HelmException>(() => stage.OwnAsync(other.Old, ReleaseOptions.Default.AsUpgrade(Recovery.None)));
        Assert.Equal(HelmErrorKind.Locked, locked.Kind);
        Assert.Contains(ReleaseOwnership.RecordOf(stage.Release).ToString(), locked.Message, StringComparison.Ordinal);
        Assert.Equal("2", Text(await stage.RecordAsync(), "epoch"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Where_there_is_no_namespace_nothing_is_made_for_an_operation_that_makes_none(string version)
    {
        using var stage = await Stage.OpenAsync(version);
        await using (await stage.OwnAsync(stage.Owners.Old, ReleaseOptions.Default.AsUninstall(Recovery.None)))
            Assert.False(await stage.Helm.Releases.UninstallAsync(stage.Release, stage.Cluster, ReleaseOptions.Default, Ct));
        Assert.Null(await stage.Client.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster(stage.Release.Namespace), Ct));
    }

    private static string? Text(DynamicObject? record, string field) =>
        (string?)record?.At("data", field) is { } text ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(text)) : null;

    private sealed class Stage(HelmHost helm, ChartArchive chart, ClusterAccess cluster, KubernetesClient client, ReleaseName release) : IDisposable
    {
        public HelmHost Helm => helm;

        public ClusterAccess Cluster => cluster;

        public KubernetesClient Client => client;

        public ReleaseName Release => release;

        public TwoOwners Owners { get; } = new(release.Namespace);

        public static async Task<Stage> OpenAsync(string version)
        {
            var server = await ApiServers.SharedAsync("kube-apiserver");
            var helm = new HelmHost(version);
            return new(
                helm, await TestChart.ImportAsync(helm, "1.0.0"), new ClusterAccess(await File.ReadAllTextAsync(server.KubeconfigPath, Ct)) { IsTrusted = true },
                KubernetesClient.Create(KubeConfig.FollowEndpoint(server.KubeconfigPath)), new($"fence-{Guid.NewGuid().ToString("n")[..12]}", "demo"));
        }

        public Task<ReleaseHold> OwnAsync(GrainOwnership owner, ReleaseOperation operation) => helm.Releases.OwnAsync(release, cluster, owner, operation, Ct);

        /// <summary>As the owner.</summary>
        public async Task<int> UpgradeAsync(string text, GrainOwnership owner)
        {
            await using var hold = await OwnAsync(owner, ReleaseOptions.Default.AsUpgrade(Recovery.None));
            return await RunAsync(text);
        }

        /// <summary>As whoever.</summary>
        public async Task<int> RunAsync(string text) => (await helm.Releases.UpgradeAsync(
            new UpgradeRequest { Release = release, Cluster = cluster, Chart = chart, Values = new JsonObject { ["text"] = text } }, Ct)).Revision;

        public Task<DynamicObject?> RecordAsync() => client.Dynamic(CoreKinds.Secrets).GetAsync(ReleaseOwnership.RecordOf(release), Ct);

        public void Dispose()
        {
            client.Dispose();
            helm.Dispose();
        }
    }
}
