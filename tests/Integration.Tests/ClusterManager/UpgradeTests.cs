using Fleet.Kubernetes.Resources;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using static Fleet.Integration.Tests.ClusterManager.UpgradeStage;

namespace Fleet.Integration.Tests.ClusterManager;

public class UpgradeTests
{
    [Fact]
    public async Task An_upgrade_rolls_the_control_plane_before_the_workers_and_versions_are_never_skewed()
    {
        // Nobody waits for the next turn of the questions for the version.
        await using var stage = await StartAsync(options => options with { ProbeInterval = TimeSpan.FromHours(1) });
        var before = await stage.UntilAsync(cluster => cluster?.Status?.AvailableUpgrades is { Count: 2 });
        Assert.Equal(["aws-34", "aws-35"], before!.Status!.AvailableUpgrades);
        await using var watch = await SkewWatch.StartAsync(stage);

        await stage.ChangeAsync("""{"spec":{"template":"aws-34"}}""");
        var rolling = await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.Upgrading)?.Reason.Value == UpgradePhases.ControlPlane);
        Assert.Contains("web-md waits for it", Condition(rolling, ClusterDeploymentConditions.Upgrading)!.Message, StringComparison.Ordinal);
        // The ClusterManager is killed in the middle: the next one goes on.
        await stage.Management.StopManagerAsync();
        await stage.Management.StartManagerAsync();
        await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.Upgrading)?.Reason.Value == UpgradePhases.Workers);
        var done = await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-34"));
        await stage.UntilAsync(cluster => cluster?.Status?.K8sVersion == "v1.34.0");

        Assert.Empty(watch.Breaches);
        Assert.Equal(["control plane v1.34.0", "control plane v1.34.0", "control plane v1.34.0", "worker v1.34.0", "worker v1.34.0"], watch.Made);
        Assert.Equal((3, 3, 2, 2), (done!.Status!.Upgrade!.ControlPlane!.Updated, done.Status.Upgrade.ControlPlane.Total, done.Status.Upgrade.Workers!.Updated, done.Status.Upgrade.Workers.Total));
        Assert.Equal(("aws-33", "aws-34"), (done.Status.Upgrade.PreviousTemplate, done.Status.Upgrade.LastGood!.Template));
        Assert.Equal(["aws-35"], done.Status.AvailableUpgrades);
        Assert.Equal(5, (await stage.MachinesAsync()).Count);
        // Nothing of the hold is left behind.
        var pool = Assert.Single(await stage.ListAsync("cluster.x-k8s.io", "MachineDeployment"));
        Assert.DoesNotContain(pool.Metadata.Annotations ?? [], pair => pair.Key.Contains("paused", StringComparison.Ordinal) || pair.Key.Contains("held", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cluster_that_is_deleted_during_an_upgrade_does_not_wait_for_workers_that_are_held()
    {
        await using var stage = await StartAsync();
        await stage.ChangeAsync("""{"spec":{"template":"aws-34"}}""");
        await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.Upgrading)?.Message.Contains("web-md waits for it", StringComparison.Ordinal) == true);
        await stage.Client.Resource(FleetKinds.ClusterDeployments).DeleteAsync(UpgradeStage.Web, DeleteOptions.Background, CancellationToken.None);
        await stage.UntilAsync(cluster => cluster is null);
        Assert.Empty(await stage.MachinesAsync());
    }

    [Fact]
    public async Task An_upgrade_that_skips_a_minor_version_is_held_and_names_the_rule()
    {
        await using var stage = await StartAsync();
        var machines = (await stage.MachinesAsync()).Select(machine => machine.Key.Name).Order().ToList();
        await stage.ChangeAsync("""{"spec":{"template":"aws-35"}}""");
        var held = await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.Upgrading) is { Status: ConditionStatus.False });
        Assert.Equal("ControlPlaneSkipsMinor", Condition(held, ClusterDeploymentConditions.Upgrading)!.Reason.Value);
        Assert.Equal(ConditionStatus.False, Condition(held, SharedConditions.Ready)!.Status);
        Assert.Equal(machines, (await stage.MachinesAsync()).Select(machine => machine.Key.Name).Order());

        // By way of the version between it works.
        await stage.ChangeAsync("""{"spec":{"template":"aws-34"}}""");
        await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-34"));
        await stage.ChangeAsync("""{"spec":{"template":"aws-35"}}""");
        await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-35"));
    }

    [Fact]
    public async Task A_template_outside_of_the_chain_is_held()
    {
        await using var stage = await StartAsync();
        await stage.ChangeAsync("""{"spec":{"template":"aws-34"}}""");
        await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-34"));
        await stage.ChangeAsync("""{"spec":{"template":"aws-33"}}""");
        var held = await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.Upgrading) is { Status: ConditionStatus.False });
        Assert.Equal("NotInChain", Condition(held, ClusterDeploymentConditions.Upgrading)!.Reason.Value);
        await stage.ChangeAsync("""{"spec":{"template":"aws-34"}}""");
        await stage.UntilAsync(cluster => Condition(cluster, SharedConditions.Ready)?.Status == ConditionStatus.True);
    }

    [Fact]
    public async Task Another_instance_type_rolls_and_the_old_template_goes_when_nothing_uses_it()
    {
        await using var stage = await StartAsync();
        var before = await TemplatesAsync(stage);
        await stage.ChangeAsync("""{"spec":{"config":{"worker":{"instanceType":"m5.large"}}}}""");
        var during = await ManagementCluster.UntilAsync(() => TemplatesAsync(stage), names => names.Count == 3, names => string.Join(", ", names));
        Assert.Superset(before.ToHashSet(), during.ToHashSet());
        await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-33") && cluster!.Status!.Upgrade!.Completed > cluster.Metadata.CreationTimestamp
            && (string?)cluster.Status.Upgrade.LastGood?.Config?["worker"]?["instanceType"] == "m5.large");
        var after = await TemplatesAsync(stage);
        Assert.Equal(2, after.Count);
        Assert.Equal("m5.large", (await stage.ListAsync("infrastructure.cluster.x-k8s.io", "AWSMachine")).Where(machine => machine.Key.Name.Contains("-md", StringComparison.Ordinal)).Select(machine => (string?)machine.At("spec", "instanceType")).Distinct().Single());

        // Back again: the template has the name that it had before.
        await stage.ChangeAsync("""{"spec":{"config":{"worker":null}}}""");
        await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-33") && cluster!.Status!.Upgrade!.LastGood?.Config?["worker"] is null);
        Assert.Equal(before, await TemplatesAsync(stage));
    }

    [Fact]
    public async Task A_helm_that_was_killed_in_an_upgrade_with_kept_templates_is_recovered()
    {
        await using var stage = await StartAsync();
        await stage.ChangeAsync("""{"spec":{"config":{"worker":{"instanceType":"m5.large"}}}}""");
        await ManagementCluster.UntilAsync(() => TemplatesAsync(stage), names => names.Count == 3, names => string.Join(", ", names));
        await ManagementCluster.UntilAsync(
            () => RecordsAsync(stage), records => records.Count == 2 && records[1].Metadata.Labels!["status"] == "deployed", records => string.Join(", ", records.Select(record => record.Key.Name)));
        await stage.Management.StopManagerAsync();
        var records = await RecordsAsync(stage);
        await stage.Client.Dynamic(CoreKinds.Secrets).UpdateAsync(ReleaseRecordText.Pending(records[1], "pending-upgrade"), CancellationToken.None);
        await stage.Management.StartManagerAsync();
        await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-33") && Condition(cluster, SharedConditions.Ready)?.Status == ConditionStatus.True
            && (string?)cluster!.Status!.Upgrade!.LastGood?.Config?["worker"]?["instanceType"] == "m5.large");
        Assert.Equal(2, (await TemplatesAsync(stage)).Count);
        Assert.Equal("deployed", (await RecordsAsync(stage))[^1].Metadata.Labels!["status"]);
    }

    [Fact]
    public async Task Workers_scale_up_and_down_without_rolling()
    {
        await using var stage = await StartAsync();
        var first = (await stage.MachinesAsync()).Select(machine => machine.Key.Name).ToHashSet();
        await stage.ChangeAsync("""{"spec":{"config":{"workersNumber":4}}}""");
        await ManagementCluster.UntilAsync(stage.MachinesAsync, machines => machines.Count == 7, machines => $"{machines.Count} machines");
        Assert.Superset(first, (await stage.MachinesAsync()).Select(machine => machine.Key.Name).ToHashSet());
        await stage.ChangeAsync("""{"spec":{"config":{"workersNumber":1}}}""");
        await ManagementCluster.UntilAsync(stage.MachinesAsync, machines => machines.Count == 4, machines => $"{machines.Count} machines");
        await stage.UntilAsync(cluster => Condition(cluster, SharedConditions.Ready)?.Status == ConditionStatus.True && cluster!.Status!.Upgrade is { Phase: UpgradePhases.Completed, Workers.Total: 1 });
    }

    private static async Task<IReadOnlyList<DynamicObject>> RecordsAsync(UpgradeStage stage) =>
        [.. (await stage.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { Namespace = Web.Namespace, LabelSelector = "owner=helm,name=web" }, CancellationToken.None)).Items
            .OrderBy(record => int.Parse(record.Metadata.Labels!["version"], System.Globalization.CultureInfo.InvariantCulture))];

    private static async Task<IReadOnlyList<string>> TemplatesAsync(UpgradeStage stage) =>
        [.. (await stage.ListAsync("infrastructure.cluster.x-k8s.io", "AWSMachineTemplate")).Select(template => template.Key.Name).Order(StringComparer.Ordinal)];
}
