using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Integration.Tests.ClusterManager.ProviderCatalog;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>A Management with the catalog's provider charts, real helm, and a simulated Cluster API operator.</summary>
public sealed class ManagementTests
{
    private const string Fail = "simulation.fleet.dev/fail";

    [Fact]
    public async Task It_installs_in_order_upgrades_recovers_loses_a_provider_and_goes_away()
    {
        await using var management = await ProviderCatalog.StartAsync();
        // In any order: the release comes later.
        await management.ApplyAsync(await File.ReadAllTextAsync(ManagementCluster.RepositoryFile("deploy", "catalog", "providers", "management.yaml"), TestContext.Current.CancellationToken));
        await management.UntilAsync(seen => seen.Ready()?.Reason == ComponentsConditions.ReleaseIsNotFound);

        await management.ApplyReleaseAsync();
        var installed = await management.InstalledAsync("fleet-0-1-0");
        Assert.Equal(ComponentsConditions.AllComponentsHealthy, installed.Ready()!.Reason);
        Assert.Contains("also has cluster-api-provider-aws, ", installed.Ready()!.Message, StringComparison.Ordinal);
        Assert.Equal(["capi", Kubeadm, Simulated, "kcm"], installed.Status!.Components!.Keys.Order(StringComparer.Ordinal));
        Assert.All(installed.Status.Components.Values, component => Assert.True(component.Success));
        Assert.Equal(
            ["bootstrap-kubeadm", "control-plane-kubeadm", "control-plane-simulated", "infrastructure-internal", "infrastructure-simulated"], installed.Status.AvailableProviders!);
        Assert.Equal("v1beta2", installed.Status.CapiContracts!["infrastructure-simulated"]["v1beta2"]);
        Assert.Equal(["capi", Kubeadm, Simulated], await management.ReleasesAsync());
        Assert.NotNull(await management.Client.Resource(FleetKinds.StateManagementProviders).GetAsync(ObjectKey.Cluster("ksm-projectsveltos"), CancellationToken.None));
        await management.HasEventAsync("ComponentInstalled");

        // One provider does not come up in its next version: the others do, and what was there stays.
        await management.AnnotateProviderAsync("simulated", Fail, "no image for this version");
        await management.ApplyReleaseAsync("0.2.0");
        await management.ApplyManagementAsync("fleet-0-2-0", Kubeadm, Simulated);
        var failing = await management.UntilAsync(seen => seen?.Status?.Components?[Simulated].Error?.Contains("no image", StringComparison.Ordinal) == true
            && seen.Status.Components[Kubeadm] is { Success: true, Template: Kubeadm + "-0-2-0" });
        Assert.Equal(ComponentsConditions.NotAllComponentsHealthy, failing.Ready()!.Reason);
        Assert.Equal("fleet-0-1-0", failing.Status!.Release);
        Assert.Contains("infrastructure-simulated", failing.Status.AvailableProviders!);
        Assert.Contains("InfrastructureProvider kcm-system/simulated: ProviderInstalled: no image for this version", failing.Ready()!.Message, StringComparison.Ordinal);

        await management.AnnotateProviderAsync("simulated", Fail, null);
        await management.InstalledAsync("fleet-0-2-0");
        Assert.Equal("v0.2.0", await InstalledVersionAsync(management));

        await management.ApplyManagementAsync("fleet-0-2-0", Kubeadm);
        var without = await management.UntilAsync(seen => seen.Ready()?.Status == ConditionStatus.True && seen?.Status?.Components?.ContainsKey(Simulated) == false);
        Assert.DoesNotContain("infrastructure-simulated", without.Status!.AvailableProviders!);
        Assert.Null(await management.Client.Dynamic(InfrastructureProviders).GetAsync(new("kcm-system", "simulated"), CancellationToken.None));
        Assert.Equal(["capi", Kubeadm], await management.ReleasesAsync());

        await management.DeleteManagementAsync();
        await ManagementCluster.UntilAsync(management.ManagementAsync, seen => seen is null, Describe);
        Assert.Empty(await management.ReleasesAsync());
        Assert.Empty((await management.Client.Dynamic(CoreProviders).ListAsync(ListOptions.All, CancellationToken.None)).Items);
        Assert.NotNull(await management.Client.Resource(FleetKinds.StateManagementProviders).GetAsync(ObjectKey.Cluster("ksm-projectsveltos"), CancellationToken.None));
    }

    [Fact]
    public async Task A_failed_upgrade_removes_nothing_is_retried_and_taken_back_by_the_old_release()
    {
        await using var management = await ProviderCatalog.StartAsync();
        await management.ApplyReleaseAsync();
        await management.ApplyManagementAsync("fleet-0-1-0", Kubeadm, Simulated);
        await management.InstalledAsync("fleet-0-1-0");
        await management.ApplyReleaseAsync("0.2.0", (chart, folder) =>
        {
            if (chart == "cluster-api")
                File.WriteAllText(Path.Combine(folder, "templates", "broken.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Not_A_Name}\n");
        });
        await management.ApplyManagementAsync("fleet-0-2-0", Kubeadm, Simulated);
        var failing = await management.UntilAsync(seen => seen?.Status?.Components?["capi"].Error?.Contains("Not_A_Name", StringComparison.Ordinal) == true);
        // What depends on it waits, and runs on as it is.
        Assert.All([Kubeadm, Simulated], name => Assert.Equal("waits for capi", failing.Status!.Components![name].Error));
        Assert.Equal("fleet-0-1-0", failing.Status!.Release);
        Assert.Contains("infrastructure-simulated", failing.Status.AvailableProviders!);
        Assert.Equal("v0.1.0", await InstalledVersionAsync(management));
        await management.HasEventAsync("ComponentFailed");

        await management.ApplyManagementAsync("fleet-0-1-0", Kubeadm, Simulated);
        var back = await management.InstalledAsync("fleet-0-1-0");
        Assert.All(back.Status!.Components!.Values, component => Assert.True(component.Success));
    }

    [Fact]
    public async Task A_manager_that_is_stopped_in_the_middle_goes_on_where_it_was()
    {
        await using var management = await ProviderCatalog.StartAsync();
        await management.ApplyReleaseAsync();
        await management.ApplyReleaseAsync("0.2.0");
        await management.ApplyManagementAsync("fleet-0-1-0", Kubeadm, Simulated);
        // Whenever helm has begun with another release, whatever it is doing to it.
        for (var begun = 1; begun <= 3; begun++)
            await StopWhenAsync(management, records => records.Count >= begun);
        await management.InstalledAsync("fleet-0-1-0");

        // Not by their number: helm keeps two of each, and a stop may have cost one more already.
        var before = (await RecordsAsync(management)).Select(Revision).ToHashSet();
        await management.ApplyManagementAsync("fleet-0-2-0", Kubeadm, Simulated);
        for (var begun = 1; begun <= 3; begun++)
            await StopWhenAsync(management, records => records.Select(Revision).Where(name => !before.Contains(name)).Select(Release).Distinct().Count() >= begun);
        await management.InstalledAsync("fleet-0-2-0");
        Assert.Equal("v0.2.0", await InstalledVersionAsync(management));
        Assert.DoesNotContain(await RecordsAsync(management), record => record.Contains("pending", StringComparison.Ordinal));

        var all = (await RecordsAsync(management)).Count;
        await management.DeleteManagementAsync();
        await StopWhenAsync(management, records => records.Count < all);
        await ManagementCluster.UntilAsync(management.ManagementAsync, seen => seen is null, Describe);
        Assert.Empty(await RecordsAsync(management));
    }

    private static async Task StopWhenAsync(ManagementCluster management, Func<IReadOnlyList<string>, bool> isTime)
    {
        await ManagementCluster.UntilAsync(() => RecordsAsync(management), isTime, records => string.Join(", ", records));
        await management.StopManagerAsync();
        await management.StartManagerAsync();
    }

    private static string Revision(string record) => record[..record.IndexOf(' ', StringComparison.Ordinal)];

    private static string Release(string revision) => revision[..revision.LastIndexOf('.')];

    /// <summary>Every revision of every release.</summary>
    private static async Task<IReadOnlyList<string>> RecordsAsync(ManagementCluster management) =>
        [.. (await management.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { Namespace = "kcm-system", LabelSelector = "owner=helm" }, CancellationToken.None)).Items
            .Select(secret => $"{secret.Key.Name} {secret.Metadata.Labels!["status"]}")];

    private static async Task<string?> InstalledVersionAsync(ManagementCluster management) =>
        (string?)(await management.Client.Dynamic(InfrastructureProviders).GetAsync(new("kcm-system", "simulated"), CancellationToken.None))?.At("status", "installedVersion");
}
