using System.Text.Json.Nodes;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Integration.Tests.Helm;

/// <summary>Releases in a real kube-apiserver, by every helm that is supported.</summary>
public sealed class ReleaseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task A_release_lives_from_install_to_uninstall(string version)
    {
        using var helm = new HelmHost(version);
        var (cluster, release) = await PlaceAsync(version, "life");
        var chart = await TestChart.ImportAsync(helm, "1.0.0");
        Assert.Null(await helm.Releases.StatusAsync(release, cluster, Ct));

        var first = await helm.Releases.UpgradeAsync(new UpgradeRequest
        {
            Release = release, Cluster = cluster, Chart = chart, Values = new JsonObject { ["text"] = "one" },
            Options = new ReleaseOptions { Description = "first", Labels = new Dictionary<string, string> { ["fleet"] = "yes" } },
        }, Ct);
        Assert.Equal((1, ReleaseState.Deployed, "demo-1.0.0"), (first.Revision, first.State, first.Chart));

        var second = await helm.Releases.UpgradeAsync(new UpgradeRequest
        {
            Release = release, Cluster = cluster, Chart = chart, Values = new JsonObject { ["text"] = "two" }, Options = new ReleaseOptions { Upgrade = new() { MaxHistory = 5 } },
        }, Ct);
        Assert.Equal(2, second.Revision);

        var status = await helm.Releases.StatusAsync(release, cluster, Ct);
        Assert.Equal((2, ReleaseState.Deployed, "demo-1.0.0"), (status!.Revision, status.State, status.Chart));
        Assert.Equal([2, 1], (await helm.Releases.HistoryAsync(release, cluster, Ct)).Select(r => r.Revision));
        Assert.Equal("""{"text":"two"}""", (await helm.Releases.GetValuesAsync(release, cluster, false, Ct)).ToJsonString());
        var manifest = await helm.Releases.GetManifestAsync(release, cluster, Ct);
        Assert.Contains("text: \"two\"", manifest, StringComparison.Ordinal);
        Assert.Equal(manifest.Trim(), second.Manifest!.Trim());
        var listed = Assert.Single(await helm.Releases.ListAsync(cluster, release.Namespace, Ct));
        Assert.Equal((release, 2, "demo-1.0.0"), (listed.Name, listed.Revision, listed.Chart));
        Assert.NotNull(listed.Updated);

        await helm.Releases.RollbackAsync(release, cluster, 1, ReleaseOptions.Default, Ct);
        Assert.Contains("text: \"one\"", await helm.Releases.GetManifestAsync(release, cluster, Ct), StringComparison.Ordinal);

        Assert.True(await helm.Releases.UninstallAsync(release, cluster, ReleaseOptions.Default, Ct));
        Assert.False(await helm.Releases.UninstallAsync(release, cluster, ReleaseOptions.Default, Ct));
        Assert.Empty(await helm.Releases.ListAsync(cluster, release.Namespace, Ct));
        Assert.Empty(helm.LeftOver());
    }

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task Every_option_is_understood(string version)
    {
        using var helm = new HelmHost(version);
        var (cluster, release) = await PlaceAsync(version, "options");
        var chart = await TestChart.ImportAsync(helm, "1.0.0");
        var options = new ReleaseOptions
        {
            Wait = true, WaitForJobs = true, Atomic = true, Timeout = TimeSpan.FromSeconds(60), SkipCrds = true, DisableHooks = true, DisableOpenApiValidation = true,
            SkipSchemaValidation = true, Labels = new Dictionary<string, string> { ["team"] = "web" }, Description = "with, everything",
            Install = new InstallOptions { TakeOwnership = true },
            Upgrade = new UpgradeOptions { MaxHistory = 3, Force = true, Recreate = true, CleanupOnFail = true, ResetThenReuseValues = true, SubNotes = true },
            Uninstall = new UninstallOptions { KeepHistory = true, DeletionPropagation = "Foreground" },
        };
        var request = new UpgradeRequest { Release = release, Cluster = cluster, Chart = chart, Options = options };
        Assert.Equal(1, (await helm.Releases.UpgradeAsync(request, Ct)).Revision);
        // The schema says text is a string; this one skips it.
        var upgraded = await helm.Releases.UpgradeAsync(request with { Values = new JsonObject { ["text"] = 5 } }, Ct);
        Assert.Equal(2, upgraded.Revision);
        Assert.Equal(version.StartsWith('4') ? ["recreate"] : [], upgraded.IgnoredOptions);
        Assert.Equal("with, everything", (await helm.Releases.StatusAsync(release, cluster, Ct))!.Description);

        Assert.True(await helm.Releases.UninstallAsync(release, cluster, options, Ct));
        Assert.Equal(ReleaseState.Uninstalled, (await helm.Releases.StatusAsync(release, cluster, Ct))!.State);
        // A kept, uninstalled release is replaced.
        Assert.Equal(ReleaseState.Deployed, (await helm.Releases.UpgradeAsync(request, Ct)).State);
    }

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task A_failed_upgrade_that_is_atomic_goes_back_and_keeps_the_release(string version)
    {
        using var helm = new HelmHost(version);
        var (cluster, release) = await PlaceAsync(version, "atomic");
        var chart = await TestChart.ImportAsync(helm, "1.0.0");
        var request = new UpgradeRequest { Release = release, Cluster = cluster, Chart = chart, Options = new ReleaseOptions { Atomic = true, Timeout = TimeSpan.FromSeconds(60) } };
        await helm.Releases.UpgradeAsync(request with { Values = new JsonObject { ["text"] = "good" } }, Ct);
        // A Job that no kubelet runs: the hook's time passes.
        var failed = await Assert.ThrowsAsync<HelmException>(() => helm.Releases.UpgradeAsync(
            request with { Values = new JsonObject { ["hook"] = true }, Options = request.Options with { Timeout = TimeSpan.FromSeconds(2) } }, Ct));
        Assert.Equal(HelmErrorKind.Timeout, failed.Kind);
        Assert.Equal(ReleaseState.Deployed, (await helm.Releases.StatusAsync(release, cluster, Ct))!.State);
        Assert.Contains("text: \"good\"", await helm.Releases.GetManifestAsync(release, cluster, Ct), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task Errors_carry_their_kind_and_no_secret(string version)
    {
        using var helm = new HelmHost(version);
        var (cluster, release) = await PlaceAsync(version, "errors");
        var chart = await TestChart.ImportAsync(helm, "1.0.0");
        Task<HelmException> FailsAsync(JsonObject values, ClusterAccess? at = null) => Assert.ThrowsAsync<HelmException>(() => helm.Releases.UpgradeAsync(
            new UpgradeRequest { Release = release, Cluster = at ?? cluster, Chart = chart, Values = values, Secrets = ["top-secret-value"] }, Ct));

        var schema = await FailsAsync(new JsonObject { ["text"] = 5 });
        Assert.Equal((HelmErrorKind.ValuesInvalid, "text"), (schema.Kind, Assert.Single(schema.Violations).Path));

        var render = await FailsAsync(new JsonObject { ["fail"] = "no: top-secret-value" });
        Assert.Equal(HelmErrorKind.RenderFailed, render.Kind);
        Assert.Contains("no: ***", render.Message, StringComparison.Ordinal);

        var refused = await FailsAsync(new JsonObject { ["name"] = "Not_A_Name" });
        Assert.Equal(HelmErrorKind.ReleaseFailed, refused.Kind);

        var unreachable = await FailsAsync([], new ClusterAccess(cluster.Kubeconfig.Replace(new Uri(Server(cluster)).Authority, "127.0.0.1:1", StringComparison.Ordinal)));
        Assert.Equal(HelmErrorKind.ClusterUnreachable, unreachable.Kind);
        Assert.True(unreachable.IsTransient);

        var unauthorized = await FailsAsync([], new ClusterAccess($$$"""
            {"apiVersion":"v1","kind":"Config","current-context":"a","contexts":[{"name":"a","context":{"cluster":"a","user":"a"}}],
             "clusters":[{"name":"a","cluster":{"server":"{{{Server(cluster)}}}","insecure-skip-tls-verify":true}}],"users":[{"name":"a","user":{"token":"wrong-token-value"}}]}
            """));
        Assert.Equal(HelmErrorKind.AuthenticationFailed, unauthorized.Kind);
        Assert.DoesNotContain("wrong-token-value", unauthorized.Message, StringComparison.Ordinal);
        Assert.Empty(helm.LeftOver());
    }

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task A_first_install_that_was_killed_starts_over(string version)
    {
        using var helm = new HelmHost(version);
        var (cluster, release) = await PlaceAsync(version, "first");
        var chart = await TestChart.ImportAsync(helm, "1.0.0");
        await KillInHookAsync(helm, version, chart, cluster, release);

        Assert.Equal(ReleaseState.PendingInstall, (await helm.Releases.StatusAsync(release, cluster, Ct))!.State);
        var locked = await Assert.ThrowsAsync<HelmException>(() => helm.Releases.UpgradeAsync(new UpgradeRequest { Release = release, Cluster = cluster, Chart = chart }, Ct));
        Assert.Equal(HelmErrorKind.Locked, locked.Kind);

        Assert.Equal(RecoveryResult.RecordRemoved, await helm.Releases.RecoverAsync(release, cluster, Ct));
        Assert.Equal(1, (await helm.Releases.UpgradeAsync(new UpgradeRequest { Release = release, Cluster = cluster, Chart = chart }, Ct)).Revision);
        Assert.Equal(RecoveryResult.NotNeeded, await helm.Releases.RecoverAsync(release, cluster, Ct));
    }

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task An_upgrade_that_was_killed_goes_back_to_the_last_good_revision(string version)
    {
        using var helm = new HelmHost(version);
        var (cluster, release) = await PlaceAsync(version, "upgrade");
        var chart = await TestChart.ImportAsync(helm, "1.0.0");
        await helm.Releases.UpgradeAsync(new UpgradeRequest { Release = release, Cluster = cluster, Chart = chart, Values = new JsonObject { ["text"] = "good" } }, Ct);
        await KillInHookAsync(helm, version, chart, cluster, release);
        Assert.Equal(ReleaseState.PendingUpgrade, (await helm.Releases.StatusAsync(release, cluster, Ct))!.State);

        Assert.Equal(RecoveryResult.RolledBack, await helm.Releases.RecoverAsync(release, cluster, Ct));
        Assert.Equal(ReleaseState.Deployed, (await helm.Releases.StatusAsync(release, cluster, Ct))!.State);
        Assert.Contains("text: \"good\"", await helm.Releases.GetManifestAsync(release, cluster, Ct), StringComparison.Ordinal);
        Assert.Equal(ReleaseState.Deployed,
            (await helm.Releases.UpgradeAsync(new UpgradeRequest { Release = release, Cluster = cluster, Chart = chart }, Ct)).State);
    }

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task Cancelling_lets_helm_record_the_failure(string version)
    {
        using var helm = new HelmHost(version);
        var (cluster, release) = await PlaceAsync(version, "cancel");
        var chart = await TestChart.ImportAsync(helm, "1.0.0");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var upgrade = helm.Releases.UpgradeAsync(new UpgradeRequest { Release = release, Cluster = cluster, Chart = chart, Values = new JsonObject { ["hook"] = true } }, cancel.Token);
        await InHookAsync(release);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upgrade);
        Assert.False((await helm.Releases.StatusAsync(release, cluster, Ct))!.IsPending);
        Assert.Empty(helm.LeftOver());
    }

    // A Job that no kubelet runs keeps helm in its hook; kill -9 then is what a crash of the host does.
    private static async Task KillInHookAsync(HelmHost helm, string version, ChartArchive chart, ClusterAccess cluster, ReleaseName release)
    {
        using var folder = new TemporaryFolder("killed");
        var kubeconfig = folder.Write("kubeconfig", cluster.Kubeconfig);
        var binary = Fleet.Testing.RealParts.Helms.Single(h => h.Version == version).Path;
        await using var process = await ServerProcess.StartAsync("helm", binary,
            ["upgrade", release.Name, chart.Path, "--install", "--create-namespace", "-n", release.Namespace, "--set", "hook=true", "--kubeconfig", kubeconfig],
            new Dictionary<string, string?> { ["HOME"] = folder.FullPath });
        await PendingAsync(helm, cluster, release);
        await process.KillAsync();
    }

    private static async Task PendingAsync(HelmHost helm, ClusterAccess cluster, ReleaseName release)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (await helm.Releases.StatusAsync(release, cluster, limit.Token) is not { IsPending: true }) await Task.Yield();
    }

    /// <summary>
    /// Helm notes that a hook begins in the record before it makes its Job, and beside what it does when it is asked to end: at that moment one of its two writes may undo the other, and
    /// the release stays pending, as after a kill.
    /// </summary>
    private static async Task InHookAsync(ReleaseName release)
    {
        var server = await ApiServers.SharedAsync("kube-apiserver");
        using var client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [server.KubeconfigPath] }));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (await client.Resource(CoreTypes.Jobs).GetAsync(new(release.Namespace, $"{release.Name}-hook"), limit.Token) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }

    private static async Task<(ClusterAccess Cluster, ReleaseName Release)> PlaceAsync(string version, string name)
    {
        var server = await ApiServers.SharedAsync("kube-apiserver");
        var kubeconfig = await File.ReadAllTextAsync(server.KubeconfigPath, Ct);
        return (new ClusterAccess(kubeconfig) { IsTrusted = true }, new ReleaseName($"helm-{version.Split('.')[0]}-{name}", "demo"));
    }

    private static string Server(ClusterAccess cluster) =>
        cluster.Kubeconfig.Split('\n').Select(l => l.Trim()).First(l => l.Contains("server:", StringComparison.Ordinal)).Split("server:")[1].Trim().Trim('"');
}
