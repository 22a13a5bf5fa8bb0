using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Control.Kinds;
using Fleet.Integration.Tests.ClusterManager;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>One cluster in trouble beside one that is well: the other does not notice, and nothing is lost when the trouble is over.</summary>
public sealed partial class TroubledClusterTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    [Fact]
    public async Task A_cluster_that_stops_answering_affects_no_other_and_is_caught_up()
    {
        await using var path = await ThroughAsync("stalling");
        await environment.ApplyAsync(Template());
        await environment.ApplyAsync(Set("stalling", "stalling", Service("web", "replicaCount: 1")));
        await environment.ServiceAsync("stalling", "web", "Deployed");

        path.Stall();
        await environment.ApplyAsync(Set("stalling", "stalling", Service("web", "replicaCount: 2")));
        await environment.AddClusterAsync("beside-stalling");
        await environment.ApplyAsync(Set("beside-stalling", "beside-stalling", Service("web")));
        await environment.ServiceAsync("beside-stalling", "web", "Deployed");

        path.Recover();
        await ReplicasAsync("stalling", 2);
        await environment.DeleteSetAsync("beside-stalling");
    }

    [Fact]
    public async Task A_cluster_that_closes_every_connection_again_and_again_gets_what_is_declared_last()
    {
        await using var path = await ThroughAsync("closing");
        await environment.ApplyAsync(Template());
        for (var replicas = 1; replicas <= 4; replicas++)
        {
            await environment.ApplyAsync(Set("closing", "closing", Service("web", $"replicaCount: {replicas}")));
            // While it is looked at, helm is at work, or nothing has begun: whichever comes.
            await environment.StatusAsync("closing", status => status is not null, "was looked at");
            path.Cut();
            path.Mend();
        }

        await environment.ServiceAsync("closing", "web", "Deployed");
        await ReplicasAsync("closing", 4);
    }

    [Fact]
    public async Task A_token_that_has_ended_is_told_and_another_kubeconfig_helps_at_once()
    {
        await environment.AddClusterAsync("expired");
        await environment.ApplyAsync(Template());
        await environment.ApplyAsync(Set("expired", "expired", Service("web")));
        await environment.ServiceAsync("expired", "web", "Deployed");
        var good = await environment.KubeconfigAsync("expired");
        await environment.SetKubeconfigAsync("expired", WithToken(good, "ended"));
        await environment.StatusAsync("expired", status => (status?["conditions"] as JsonArray)?.Any(condition =>
            (string?)condition!["type"] == "ServiceSetStatusesCollected" && (string?)condition["status"] == "False" && condition["message"]!.ToString().Contains("nauthorized", StringComparison.Ordinal)) == true, "tells that it is not let in");

        await environment.SetKubeconfigAsync("expired", good);
        await environment.ApplyAsync(Set("expired", "expired", Service("web", "replicaCount: 2")));
        await ReplicasAsync("expired", 2);
    }

    [Fact]
    public async Task A_cluster_that_another_management_cluster_has_since_a_restore_is_left_alone_until_it_is_taken_back()
    {
        var managed = await environment.AddClusterAsync("fenced");
        await MarkAsync(managed, "1999999999 11111111-1111-1111-1111-111111111111");
        await environment.ApplyAsync(Template());
        await environment.ApplyAsync(Deployment(1999999998));
        await environment.ApplyAsync(Set("fenced", "fenced", Service("web")));
        await environment.StatusAsync("fenced", status => (status?["conditions"] as JsonArray)?.Any(condition =>
            (string?)condition!["reason"] == "Fenced" && condition["message"]!.ToString().Contains("11111111-1111-1111-1111-111111111111", StringComparison.Ordinal)) == true, "tells who has the cluster");
        Assert.Empty((await managed.Dynamic(CoreKinds.Secrets).ListAsync(new() { LabelSelector = "owner=helm" }, TestContext.Current.CancellationToken)).Items);
        Assert.Equal("1999999999 11111111-1111-1111-1111-111111111111", await MarkAsync(managed));

        // A person takes it back, or a later restore does: the cluster is told before anything is done to it.
        await environment.ApplyAsync(Deployment(2000000000));
        await environment.TouchSetAsync("fenced");
        await environment.ServiceAsync("fenced", "web", "Deployed");
        var here = (await environment.Management.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), TestContext.Current.CancellationToken))!.Metadata.Uid;
        Assert.Equal($"2000000000 {here}", await MarkAsync(managed));

        static string Deployment(long epoch) => $$$"""
            {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"fenced","namespace":"{{{StateManagerEnvironment.Namespace}}}","annotations":{"k0rdent.mirantis.com/management-epoch":"{{{epoch}}}"} },
             "spec":{"template":"none"} }
            """;
    }

    /// <summary>What the cluster says about who looks after it, or is made to say.</summary>
    private static async Task<string?> MarkAsync(IKubernetesClient managed, string? mark = null)
    {
        var (namespaces, system) = (managed.Dynamic(CoreKinds.Namespaces), ObjectKey.Cluster("kube-system"));
        if (mark is not null)
            await namespaces.PatchAsync(system, Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["k0rdent.mirantis.com/management-epoch"] = mark } } }), PatchOptions.Default, TestContext.Current.CancellationToken);
        return (await namespaces.GetAsync(system, TestContext.Current.CancellationToken))!.Metadata.Annotations?.GetValueOrDefault("k0rdent.mirantis.com/management-epoch");
    }

    private async Task ReplicasAsync(string cluster, int expected) => await StateManagerEnvironment.EventuallyAsync(
        async () => (int?)(await environment.ValuesAsync(cluster, "web"))["replicaCount"], replicas => replicas == expected, $"{cluster} has {expected} replicas");

    /// <summary>A cluster that StateManager reaches by a way that can be troubled; the tests go straight to it.</summary>
    private async Task<StallingPath> ThroughAsync(string cluster)
    {
        await environment.AddClusterAsync(cluster);
        return await ThroughAsync(environment, cluster);
    }

    internal static async Task<StallingPath> ThroughAsync(StateManagerEnvironment environment, string cluster)
    {
        var kubeconfig = await environment.KubeconfigAsync(cluster);
        var path = new StallingPath(new($"https://{Authority().Match(kubeconfig).Value}"));
        await environment.SetKubeconfigAsync(cluster, Authority().Replace(kubeconfig, path.Authority));
        return path;
    }

    private static string WithToken(string kubeconfig, string token)
    {
        var isFirst = true;
        return UserCredentials().Replace(kubeconfig, found =>
        {
            var line = isFirst ? $"{found.Groups[1].Value}token: {token}\n" : "";
            isFirst = false;
            return line;
        });
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Authority();

    [GeneratedRegex(@"^( *)(?:client-certificate-data|client-key-data|token): .*\n", RegexOptions.Multiline)]
    private static partial Regex UserCredentials();
}
