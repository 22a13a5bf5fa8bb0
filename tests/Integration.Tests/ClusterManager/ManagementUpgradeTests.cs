using System.Text.Json.Nodes;
using Fleet.Backup.Archives;
using Fleet.Backup.Runs;
using Fleet.Backup.Targets;
using Fleet.Contracts;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using static Fleet.Integration.Tests.ClusterManager.ProviderCatalog;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>What holds the components of a Management as they are: backups, contracts, releases of somebody else, clusters that need them.</summary>
public sealed class ManagementUpgradeTests
{
    private static readonly ResourceKind Backups = new("k0rdent.mirantis.com", "v1beta1", "ManagementBackup", "managementbackups", Namespaced: false);

    [Fact]
    public async Task An_upgrade_waits_for_the_backup_that_was_asked_for_or_for_a_person_who_does_without()
    {
        using var folder = new TemporaryFolder("plane");
        await using var management = await ProviderCatalog.StartAsync(options => options with { Backups = new() { Folder = folder.FullPath } });
        await management.ApplyReleaseAsync();
        await management.ApplyManagementAsync("fleet-0-1-0", Simulated);
        await management.InstalledAsync("fleet-0-1-0");
        await management.ApplyAsync("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ManagementBackup
            metadata: {name: daily}
            spec: {schedule: '0 1 * * *', folder: plane, encryptionSecretRef: {name: plane-key}, retention: {count: 3}, performOnManagementUpgrade: true}
            """);
        await management.ApplyReleaseAsync("0.2.0");
        await management.ApplyManagementAsync("fleet-0-2-0", Simulated);

        // Nobody has made the key yet: the upgrade waits, and says how to make one.
        var waiting = await management.UntilAsync(seen => Find(seen)?.Reason == Reason.Failed);
        Assert.Contains("ManagementBackup daily-fleet-0-1-0 has failed", waiting.Ready()!.Message, StringComparison.Ordinal);
        Assert.Contains("create secret generic plane-key", waiting.Ready()!.Message, StringComparison.Ordinal);
        Assert.Equal("fleet-0-1-0", waiting.Status!.Release);
        Assert.Equal(Simulated + "-0-1-0", waiting.Status.Components![Simulated].Template);
        var copy = await management.Client.Dynamic(Backups).GetAsync(ObjectKey.Cluster("daily-fleet-0-1-0"), CancellationToken.None);
        Assert.Equal("fleet-0-1-0", copy!.Metadata.Labels![FleetLabels.ReleaseBackup]);
        Assert.Equal("""{"folder":"plane","encryptionSecretRef":{"name":"plane-key"}}""", copy.At("spec")!.ToJsonString());

        await management.ApplyAsync("{apiVersion: v1, kind: Secret, metadata: {name: plane-key, namespace: kcm-system}, stringData: {passphrase: correct horse battery} }");
        var upgraded = await management.InstalledAsync("fleet-0-2-0");
        Assert.Equal("daily-fleet-0-1-0", upgraded.Status!.BackupName);
        Assert.Null(Find(upgraded));
        var target = new FolderTarget(Path.Combine(folder.FullPath, "plane"));
        var stored = Assert.Single(await target.ListAsync(CancellationToken.None));
        var manifest = await new BackupRun(target, ArchiveSecret.FromPassphrase("correct horse battery"), TimeProvider.System).VerifyAsync(stored.Name, null, CancellationToken.None);
        Assert.Equal(("daily-fleet-0-1-0", "daily-fleet-0-1-0"), (stored.Name.Text, manifest.Origin.ManagementBackup));

        // Back again, without one.
        await management.Client.Dynamic(CoreKinds.Secrets).DeleteAsync(new("kcm-system", "plane-key"), DeleteOptions.Background, CancellationToken.None);
        await management.ApplyManagementAsync("fleet-0-1-0", Simulated);
        await management.UntilAsync(seen => Find(seen)?.Message.Contains("daily-fleet-0-2-0", StringComparison.Ordinal) == true);
        await management.AnnotateManagementAsync(FleetAnnotations.SkipUpgradeBackup, "fleet-0-1-0");
        await management.InstalledAsync("fleet-0-1-0");
    }

    [Fact]
    public async Task Contracts_that_do_not_fit_leave_everything_as_it_is()
    {
        await using var management = await ProviderCatalog.StartAsync();
        await management.ApplyReleaseAsync();
        await management.ApplyManagementAsync("fleet-0-1-0", Simulated);
        await management.InstalledAsync("fleet-0-1-0");
        await management.ApplyReleaseAsync("0.2.0", (chart, folder) =>
        {
            var file = Path.Combine(folder, "Chart.yaml");
            if (chart == Simulated)
                File.WriteAllText(file, File.ReadAllText(file).Replace("cluster.x-k8s.io/v1beta2: v1beta2", "cluster.x-k8s.io/v1beta3: v1beta3", StringComparison.Ordinal));
        });
        await management.ApplyManagementAsync("fleet-0-2-0", Simulated);
        var held = await management.UntilAsync(seen => seen.Ready()?.Reason == ComponentsConditions.HasIncompatibleContracts);
        Assert.Contains($"do not support v1beta3 of ProviderTemplate {Simulated}-0-2-0", held.Ready()!.Message, StringComparison.Ordinal);
        Assert.Equal(("fleet-0-1-0", "cluster-api-0-1-0"), (held.Status!.Release, held.Status.Components!["capi"].Template));
        Assert.Contains("infrastructure-simulated", held.Status.AvailableProviders!);

        // One that fits the core, and not the clusters that are there.
        await management.ApplyAsync(SimulatedFleet.Manifest("edge"));
        await management.ReadyAsync("edge");
        await management.ApplyReleaseAsync("0.3.0", (chart, folder) =>
        {
            var file = Path.Combine(folder, "Chart.yaml");
            if (chart == Simulated)
                File.WriteAllText(file, File.ReadAllText(file).Replace("cluster.x-k8s.io/v1beta2: v1beta2", "cluster.x-k8s.io/v1beta2: v1beta3", StringComparison.Ordinal));
        });
        await management.ApplyManagementAsync("fleet-0-3-0", Simulated);
        await management.UntilAsync(seen => seen.Ready()?.Message.Contains(
            "provider infrastructure-simulated does not support v1beta2, which ClusterTemplate kcm-system/simulated-standalone-cp-0-1-0 needs and clusters use", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_component_is_in_order_when_its_workloads_run_and_not_before()
    {
        await using var management = await ProviderCatalog.StartAsync();
        await management.ApplyReleaseAsync();
        await management.ApplyReleaseAsync("0.2.0", (chart, folder) => AddManager(chart, folder, replicas: 1));
        await management.ApplyManagementAsync("fleet-0-2-0", Kubeadm, Simulated);
        var ill = await management.UntilAsync(seen =>
            seen?.Status?.Components?.GetValueOrDefault(Kubeadm)?.Error?.StartsWith("Deployment kcm-system/manager: ", StringComparison.Ordinal) == true
            && seen.Status.Components[Simulated].Success == true);
        Assert.Contains("0 of 1 replicas are available", ill.Status!.Components![Kubeadm].Error!, StringComparison.Ordinal);
        Assert.DoesNotContain("bootstrap-kubeadm", ill.Status.AvailableProviders!);
        Assert.Null(ill.Status.Release);

        await management.ApplyReleaseAsync("0.3.0", (chart, folder) => AddManager(chart, folder, replicas: 0));
        await management.ApplyManagementAsync("fleet-0-3-0", Kubeadm, Simulated);
        Assert.Contains("bootstrap-kubeadm", (await management.InstalledAsync("fleet-0-3-0")).Status!.AvailableProviders!);
    }

    /// <summary>A manager whose image cannot be pulled: only without replicas nothing is missing.</summary>
    private static void AddManager(string chart, string folder, int replicas)
    {
        if (chart == Kubeadm)
            File.WriteAllText(Path.Combine(folder, "templates", "manager.yaml"), $$"""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: manager}
                spec:
                  replicas: {{replicas}}
                  selector: {matchLabels: {app: manager} }
                  template:
                    metadata: {labels: {app: manager} }
                    spec: {containers: [{name: manager, image: "manager:does-not-exist" } ] }
                """);
    }

    [Fact]
    public async Task A_release_that_somebody_else_made_is_left_alone_until_it_may_be_taken_over()
    {
        await using var management = await ProviderCatalog.StartAsync();
        await management.ApplyReleaseAsync();
        await management.ApplyManagementAsync("fleet-0-1-0", Simulated);
        await management.InstalledAsync("fleet-0-1-0");
        // The object goes without its finalizer, as after a restore: its releases are nobody's now.
        await management.StopManagerAsync();
        await management.Client.Dynamic(FleetKinds.Managements.Kind).PatchAsync(
            ObjectKey.Cluster("kcm"), Patch.Merge(new() { ["metadata"] = new JsonObject { ["finalizers"] = null } }), PatchOptions.Default, CancellationToken.None);
        await management.DeleteManagementAsync();
        await management.StartManagerAsync();
        await management.ApplyManagementAsync("fleet-0-1-0");
        var held = await management.UntilAsync(seen => seen?.Status?.Components?.GetValueOrDefault("capi")?.Error is not null);
        Assert.Contains("Helm release kcm-system/capi is there and was not made for this object", held.Ready()!.Message, StringComparison.Ordinal);
        Assert.Equal(["capi", Simulated], await management.ReleasesAsync());

        await management.AnnotateManagementAsync(FleetAnnotations.TakeOver, "true");
        await management.InstalledAsync("fleet-0-1-0");
        // Only what is asked for is taken over.
        Assert.Equal(["capi", Simulated], await management.ReleasesAsync());
    }

    [Fact]
    public async Task A_cluster_waits_for_its_provider_and_keeps_it()
    {
        await using var management = await ProviderCatalog.StartAsync();
        await management.ApplyReleaseAsync();
        await management.ApplyManagementAsync("fleet-0-1-0", Kubeadm);
        await management.InstalledAsync("fleet-0-1-0");
        await management.ApplyAsync(SimulatedFleet.Manifest("edge"));
        var held = await management.UntilAsync("edge", cluster => cluster.Find(Contracts.Clusters.ClusterDeploymentConditions.TemplateReady)?.Message.Contains("not deployed yet", StringComparison.Ordinal) == true);
        Assert.EndsWith(
            "incompatible providers in Management kcm: one or more required providers are not deployed yet: [control-plane-simulated, infrastructure-simulated]",
            held.Find(Contracts.Clusters.ClusterDeploymentConditions.TemplateReady)!.Message, StringComparison.Ordinal);
        Assert.Null(await management.Client.Dynamic(SimulatedFleet.Clusters).GetAsync(new(SimulatedFleet.Namespace, "edge"), CancellationToken.None));

        await management.ApplyManagementAsync("fleet-0-1-0", Kubeadm, Simulated);
        await management.ReadyAsync("edge");

        // There is no admission here that would refuse it.
        await management.ApplyManagementAsync("fleet-0-1-0", Kubeadm);
        var kept = await management.UntilAsync(seen => seen.Ready()?.Status == ConditionStatus.False && seen!.Status!.ObservedGeneration == seen.Metadata.Generation);
        Assert.Contains($"{Simulated}: is to be removed, and ClusterDeployments need it: mon-organisation/edge", kept.Ready()!.Message, StringComparison.Ordinal);
        Assert.Contains(Simulated, await management.ReleasesAsync());

        await management.DeleteManagementAsync();
        var deleting = await management.UntilAsync(seen => seen?.Status?.Conditions?.Exists(c => c.Type == SharedConditions.Deleting) == true);
        Assert.Contains("ClusterDeployment mon-organisation/edge", deleting.Status!.Conditions!.Find(c => c.Type == SharedConditions.Deleting)!.Message, StringComparison.Ordinal);
        await management.DeleteAsync("edge");
        await ManagementCluster.UntilAsync(management.ManagementAsync, seen => seen is null, Describe);
        Assert.Empty(await management.ReleasesAsync());
    }

    private static Condition? Find(CustomResource<ManagementSpec, ManagementStatus>? management) =>
        management?.Status?.Conditions?.Find(condition => condition.Type == ComponentsConditions.UpgradeBackupCompleted);
}
