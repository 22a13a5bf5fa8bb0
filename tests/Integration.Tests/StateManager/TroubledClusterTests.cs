using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Integration.Tests.ClusterManager;
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
