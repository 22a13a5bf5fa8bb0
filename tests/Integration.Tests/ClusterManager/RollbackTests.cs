using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Resources;
using static Fleet.Integration.Tests.ClusterManager.UpgradeStage;

namespace Fleet.Integration.Tests.ClusterManager;

public class RollbackTests
{
    [Fact]
    public async Task An_upgrade_whose_machines_do_not_come_is_taken_back_when_that_is_asked_for()
    {
        await using var stage = await StartAsync();
        await stage.ChangeAsync("""{"metadata":{"annotations":{"k0rdent.mirantis.com/upgrade-rollback":"true","k0rdent.mirantis.com/upgrade-deadline":"4s"}}}""");
        // The cloud gives no more machines than there are: the first new one never becomes ready.
        await AnnotateAsync(stage, "AWSCluster", "5");
        await stage.ChangeAsync("""{"spec":{"template":"aws-34"}}""");
        var back = await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.RolledBack) is { Status: ConditionStatus.True } && cluster!.Status!.Upgrade!.Phase == UpgradePhases.Completed);
        Assert.Equal(("aws-34", "org/aws-33", "aws-33"), (back!.Spec.Template, back.Status!.EffectiveTemplate, back.Status.Upgrade!.Template));
        Assert.Equal("DeadlineExceeded", Condition(back, ClusterDeploymentConditions.RolledBack)!.Reason.Value);
        Assert.Equal(ConditionStatus.False, Condition(back, SharedConditions.Ready)!.Status);
        await ManagementCluster.UntilAsync(
            stage.MachinesAsync, machines => machines.Count == 5 && machines.All(machine => Version(machine).Minor == 33), machines => string.Join(", ", machines.Select(Version)));

        // A restart does not try again; a changed spec does.
        await stage.Management.StopManagerAsync();
        await stage.Management.StartManagerAsync();
        await AnnotateAsync(stage, "AWSCluster", null);
        // Machines come now, however slow the computer is: the deadline was for those that do not.
        await stage.ChangeAsync("""{"metadata":{"annotations":{"k0rdent.mirantis.com/upgrade-deadline":null}},"spec":{"config":{"workersNumber":3}}}""");
        var done = await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-34"));
        Assert.Null(Condition(done, ClusterDeploymentConditions.RolledBack));
    }

    [Fact]
    public async Task A_failure_of_helm_is_taken_back_too()
    {
        await using var stage = await StartAsync();
        await stage.ChangeAsync("""{"metadata":{"annotations":{"k0rdent.mirantis.com/upgrade-rollback":"true"}}}""");
        await stage.Management.ServeBrokenVersionAsync("org", "aws-broken");
        await stage.ChangeAsync("""{"spec":{"template":"aws-broken"}}""");
        // The chain knows nothing of it, so it is held; without the chain it is tried.
        await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.Upgrading)?.Reason.Value == "NotInChain");
        await stage.Client.Resource(Control.Kinds.FleetKinds.ClusterTemplateChains).DeleteAsync(new("org", "aws"), DeleteOptions.Background, CancellationToken.None);
        var back = await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.RolledBack) is { Status: ConditionStatus.True });
        Assert.Equal("HelmFailed", Condition(back, ClusterDeploymentConditions.RolledBack)!.Reason.Value);
        Assert.Equal(ConditionStatus.True, Condition(back, ClusterDeploymentConditions.HelmReleaseReady)!.Status);
        Assert.Equal("aws-broken", back!.Spec.Template);
    }

    [Fact]
    public async Task Nothing_is_written_while_a_cluster_is_paused_also_in_the_middle_of_an_upgrade()
    {
        await using var stage = await StartAsync();
        await stage.ChangeAsync("""{"spec":{"template":"aws-34"}}""");
        await stage.UntilAsync(cluster => Condition(cluster, ClusterDeploymentConditions.Upgrading)?.Reason.Value == UpgradePhases.ControlPlane);
        await stage.ChangeAsync("""{"metadata":{"annotations":{"k0rdent.mirantis.com/paused":"true"}},"spec":{"config":{"workersNumber":4}}}""");
        var paused = await stage.UntilAsync(cluster => Condition(cluster, SharedConditions.Paused) is { Status: ConditionStatus.True } && cluster!.Status!.Upgrade!.ControlPlane is { Updated: 3 });
        Assert.Equal(Reason.Paused, Condition(paused, ClusterDeploymentConditions.HelmReleaseReady)!.Reason);
        // The control plane is done, and the workers still wait: it is for the ClusterManager to let them go on.
        await stage.UntilAsync(cluster => cluster?.Status?.Upgrade?.Phase == UpgradePhases.Workers);
        Assert.All((await stage.MachinesAsync()).Where(machine => !IsControlPlane(machine)), machine => Assert.Equal(33ul, Version(machine).Minor));
        Assert.Equal(5, (await stage.MachinesAsync()).Count);

        await stage.ChangeAsync("""{"metadata":{"annotations":{"k0rdent.mirantis.com/paused":null}}}""");
        await stage.UntilAsync(cluster => IsCompleted(cluster, "aws-34") && cluster!.Status!.Upgrade!.Workers!.Total == 4);
        Assert.All(await stage.MachinesAsync(), machine => Assert.Equal(34ul, Version(machine).Minor));
    }

    private static async Task AnnotateAsync(UpgradeStage stage, string kindName, string? quota)
    {
        var kind = await stage.Client.FindKindAsync(new("infrastructure.cluster.x-k8s.io", "v1beta2", kindName), CancellationToken.None);
        await stage.Client.Dynamic(kind!).PatchAsync(
            Web, Patch.Merge(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["simulation.fleet.dev/machine-quota"] = quota } } }),
            PatchOptions.Default, CancellationToken.None);
    }
}
