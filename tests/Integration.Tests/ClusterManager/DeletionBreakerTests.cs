using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

public class DeletionBreakerTests
{
    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    [Fact]
    public async Task A_deleted_namespace_takes_three_clusters_with_it_and_the_others_wait_for_a_person()
    {
        await using var management = await ManagementCluster.StartAsync();
        await management.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: doomed}}");
        // Their template does not exist, so that their deletion is over at once.
        foreach (var i in Enumerable.Range(1, 6))
            await management.ApplyAsync(SimulatedFleet.Manifest($"c{i}", @namespace: "doomed"));
        await Until(management, 6, clusters => clusters.All(cluster => cluster.Metadata.Finalizers is { Count: > 0 }));

        await management.Client.Dynamic(Namespaces).DeleteAsync(ObjectKey.Cluster("doomed"), DeleteOptions.Background, CancellationToken.None);
        var held = await Until(management, 3, clusters => clusters.All(IsHeld));
        Assert.All(held, cluster => Assert.Equal("Held", cluster.Status!.Deletion!.Phase));

        // A restart finds the breaker open.
        await management.StopManagerAsync();
        await management.StartManagerAsync();
        await management.ApplyAsync(SimulatedFleet.Manifest("bystander"));
        await management.UntilAsync("bystander", cluster => cluster?.Metadata.Finalizers is { Count: > 0 });
        await management.DeleteAsync("bystander");
        await management.UntilAsync("bystander", cluster => cluster is not null && IsHeld(cluster));
        Assert.Contains("fleet_deletion_held 4", await MetricsAsync(management), StringComparison.Ordinal);

        await management.AnnotateAsync("bystander", "deletion-acknowledged", "yes");
        await management.UntilAsync("bystander", cluster => cluster is null);
        await Until(management, 3, clusters => clusters.All(IsHeld));
        foreach (var cluster in held)
            await management.Client.Resource(FleetKinds.ClusterDeployments).PatchAsync(
                cluster.Metadata.Key, Patch.Merge(new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject
                {
                    ["annotations"] = new System.Text.Json.Nodes.JsonObject { ["k0rdent.mirantis.com/deletion-acknowledged"] = "yes" },
                } }), PatchOptions.Default, CancellationToken.None);
        await Until(management, 0, _ => true);

        // The breaker is closed again: the next one goes.
        await management.ApplyAsync(SimulatedFleet.Manifest("next"));
        await management.UntilAsync("next", cluster => cluster?.Metadata.Finalizers is { Count: > 0 });
        await management.DeleteAsync("next");
        await management.UntilAsync("next", cluster => cluster is null);
    }

    private static bool IsHeld(ClusterDeployment cluster) => cluster.Find(SharedConditions.Deleting)?.Reason == ClusterDeploymentConditions.DeletionBreakerOpen;

    private static Task<IReadOnlyList<ClusterDeployment>> Until(ManagementCluster management, int count, Func<IReadOnlyList<ClusterDeployment>, bool> isRight) =>
        ManagementCluster.UntilAsync(
            async () => (await management.Client.Resource(FleetKinds.ClusterDeployments).ListAsync(new() { Namespace = "doomed" }, CancellationToken.None)).Items,
            clusters => clusters.Count == count && isRight(clusters),
            clusters => string.Join("\n\n", clusters.Select(SimulatedFleet.Describe)));

    private static async Task<string> MetricsAsync(ManagementCluster management)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(management.Api, "/metrics"));
    }
}
