using System.Text.Json.Nodes;
using Fleet.ClusterManager.Deletion;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

public class DeletionTests
{
    private static readonly ResourceKind Services = new("", "v1", "Service", "services", Namespaced: true);

    /// <summary>The workloads' time is long enough for a slow machine to tell what holds them up.</summary>
    private static readonly DeletionOptions Impatient = new()
    {
        Workloads = TimeSpan.FromSeconds(8), Cluster = TimeSpan.FromSeconds(3), ForceGrace = TimeSpan.FromSeconds(2),
    };

    [Fact]
    public async Task An_orphaned_cluster_lives_on_and_a_new_object_of_its_name_does_not_take_it_by_itself()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        await management.ReadyAsync("one");
        var uid = (await management.Client.Dynamic(SimulatedFleet.Clusters).GetAsync(new(SimulatedFleet.Namespace, "one"), CancellationToken.None))!.Metadata.Uid;

        await management.AnnotateAsync("one", "deletion-policy", "Orphan");
        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster is null);
        var left = await management.Client.Dynamic(SimulatedFleet.Clusters).GetAsync(new(SimulatedFleet.Namespace, "one"), CancellationToken.None);
        Assert.Equal((uid, false), (left!.Metadata.Uid, left.Metadata.IsBeingDeleted));
        Assert.DoesNotContain("helm.toolkit.fluxcd.io/name", left.Metadata.Labels ?? []);
        var record = Assert.Single((await RecordsAsync(management)).Items);
        Assert.Equal("orphaned", record.Metadata.Labels!["fleet-owner"]);
        using (var cluster = await management.OpenAsync("one"))
            Assert.NotEmpty((await cluster.Dynamic(Services).ListAsync(new(), CancellationToken.None)).Items);

        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        var refused = await management.UntilAsync("one", cluster => cluster.Is(ClusterDeploymentConditions.HelmReleaseReady, ConditionStatus.False));
        Assert.Contains("take-over", refused.Find(ClusterDeploymentConditions.HelmReleaseReady)!.Message, StringComparison.Ordinal);
        Assert.Equal(record.Metadata.ResourceVersion, Assert.Single((await RecordsAsync(management)).Items).Metadata.ResourceVersion);

        await management.AnnotateAsync("one", "take-over", "true");
        await management.ReadyAsync("one");
        left = await management.Client.Dynamic(SimulatedFleet.Clusters).GetAsync(new(SimulatedFleet.Namespace, "one"), CancellationToken.None);
        Assert.Equal(uid, left!.Metadata.Uid);
    }

    [Fact]
    public async Task A_refused_object_leaves_the_cluster_of_the_other_alone_when_it_goes()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        await management.ReadyAsync("one");
        await management.AnnotateAsync("one", "deletion-policy", "Orphan");
        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster is null);
        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        await management.UntilAsync("one", cluster => cluster.Is(ClusterDeploymentConditions.HelmReleaseReady, ConditionStatus.False));

        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster is null);
        var left = await management.Client.Dynamic(SimulatedFleet.Clusters).GetAsync(new(SimulatedFleet.Namespace, "one"), CancellationToken.None);
        Assert.False(left!.Metadata.IsBeingDeleted);
    }

    [Fact]
    public async Task A_provider_that_never_answers_is_named_and_overdue_and_force_leaves_it_behind()
    {
        await using var management = await SimulatedFleet.StartAsync(options => options with { Deletion = Impatient });
        await management.ApplyAsync(SimulatedFleet.Manifest("one"));
        await management.ReadyAsync("one");
        await management.AnnotateAsync(SimulatedFleet.Infrastructure, "one", "simulation.fleet.dev/slow", "60m");

        await management.DeleteAsync("one");
        var overdue = await management.UntilAsync("one", cluster => cluster.Find(SharedConditions.Ready)?.Reason == Reason.Failed);
        Assert.Equal(("Cluster", "Delete"), (overdue!.Status!.Deletion!.Phase, overdue.Status.Deletion.Policy));
        Assert.Contains(overdue.Status.Deletion.Blockers!, blocker => blocker is { Kind: "SimulatedCluster", Name: "one", Reason: not null });
        Assert.True(overdue.Status.Deletion.Deadline > overdue.Status.Deletion.Since);
        await management.HasEventAsync("one", "DeletionOverdue");

        await management.AnnotateAsync("one", "deletion-policy", "Force");
        await management.UntilAsync("one", cluster => cluster is null);
        Assert.Empty((await management.Client.Dynamic(SimulatedFleet.Clusters).ListAsync(new(), CancellationToken.None)).Items);
        Assert.Empty((await management.Client.Dynamic(SimulatedFleet.Infrastructure).ListAsync(new(), CancellationToken.None)).Items);
        await management.HasEventAsync("one", "ClusterAbandoned");
    }

    [Theory]
    [InlineData("Always")]
    [InlineData("Cascading")]
    public async Task A_protected_cluster_is_held_until_the_protection_goes(string protection)
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest(
            "one", "serviceSpec: {services: [{name: web, namespace: web, template: nginx}]}", annotations: $"k0rdent.mirantis.com/deletion-protection: {protection}"));
        await management.ReadyAsync("one");
        await PretendDeployedAsync(management);
        await management.DeleteAsync("one");
        var held = await management.UntilAsync("one", cluster => cluster.Find(SharedConditions.Deleting)?.Reason == ClusterDeploymentConditions.DeletionProtected);
        Assert.Equal("Held", held!.Status!.Deletion!.Phase);
        await management.HasEventAsync("one", "DeletionProtected");
        Assert.False((await management.Client.Resource(FleetKinds.ServiceSets).GetAsync(new(SimulatedFleet.Namespace, "one"), CancellationToken.None))!.Metadata.IsBeingDeleted);

        await management.AnnotateAsync("one", "deletion-protection", null);
        await management.UntilAsync("one", cluster => cluster is null);
    }

    [Fact]
    public async Task Load_balancers_go_before_the_cluster_and_what_holds_one_is_named()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("one", "cleanupOnDeletion: true"));
        await management.ReadyAsync("one");
        using var inside = await management.OpenAsync("one");
        await MakeBalancerAsync(inside, "example.com/cloud");

        await management.DeleteAsync("one");
        var waiting = await management.UntilAsync("one", cluster => cluster?.Status?.Deletion is { Phase: "Workloads", Blockers: [{ Reason: not null }] });
        var blocker = waiting!.Status!.Deletion!.Blockers![0];
        Assert.Equal(("Service", "default", "front", "is being deleted, held by example.com/cloud"), (blocker.Kind, blocker.Namespace, blocker.Name, blocker.Reason));
        Assert.Equal(ClusterDeploymentConditions.WaitingForCloudResourcesDeletion, waiting.Find(SharedConditions.Deleting)!.Reason);
        Assert.Single((await RecordsAsync(management)).Items);

        await inside.Dynamic(Services).PatchAsync(
            new("default", "front"), Patch.Merge(new() { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray() } }), PatchOptions.Default, CancellationToken.None);
        await management.UntilAsync("one", cluster => cluster is null);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_holds_its_cleanup_up_for_its_time_only()
    {
        await using var management = await SimulatedFleet.StartAsync(options => options with { Deletion = Impatient });
        await management.ApplyAsync(SimulatedFleet.Manifest("one", "cleanupOnDeletion: true"));
        await management.ReadyAsync("one");
        await management.AnnotateAsync(SimulatedFleet.Infrastructure, "one", "simulation.fleet.dev/slow", "8s");
        await management.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: one-kubeconfig, namespace: {{SimulatedFleet.Namespace}}}
            data: {value: {{Convert.ToBase64String("not a kubeconfig"u8)}}}
            """);

        await management.DeleteAsync("one");
        await management.UntilAsync("one", cluster => cluster?.Status?.Deletion is { Phase: "Workloads", Blockers: [{ Kind: "Cluster", Reason: not null }] });
        var skipped = await management.UntilAsync("one", cluster => cluster?.Status?.Deletion is { Phase: "Cluster" });
        Assert.Equal(["Workloads"], skipped!.Status!.Deletion!.Skipped!);
        Assert.True(skipped.Is(ClusterDeploymentConditions.CloudResourcesDeleted, ConditionStatus.False));
        await management.HasEventAsync("one", "WorkloadsAbandoned");
        await management.UntilAsync("one", cluster => cluster is null);
    }

    private static Task<ObjectList<DynamicObject>> RecordsAsync(ManagementCluster management) =>
        management.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { Namespace = SimulatedFleet.Namespace, LabelSelector = "owner=helm" }, CancellationToken.None);

    /// <summary>There is no StateManager here: its word is put in.</summary>
    private static Task PretendDeployedAsync(ManagementCluster management) => management.Client.Resource(FleetKinds.ServiceSets).PatchAsync(
        new(SimulatedFleet.Namespace, "one"),
        Patch.Merge((JsonObject)JsonNode.Parse("""
            {"status":{"services":[{"type":"Helm","name":"web","namespace":"web","template":"nginx","state":"Deployed","lastStateTransitionTime":"2026-01-01T00:00:00Z"}]}}
            """)!),
        new() { Subresource = "status" }, CancellationToken.None);

    private static Task MakeBalancerAsync(IKubernetesClient cluster, string finalizer) => cluster.Dynamic(Services).CreateAsync(
        new(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject { ["name"] = "front", ["namespace"] = "default", ["finalizers"] = new JsonArray(finalizer) },
            ["spec"] = new JsonObject { ["type"] = "LoadBalancer", ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) },
        }),
        CancellationToken.None);
}
