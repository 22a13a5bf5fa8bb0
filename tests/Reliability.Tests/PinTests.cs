using System.Text.Json.Nodes;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Reliability.Tests.Laboratory;
using Fleet.Testing.ApiServers;

namespace Fleet.Reliability.Tests;

/// <summary>Clusters that are pinned to a pool of replicas, over real API servers: by label, region and tenant, while rules change and replicas come, go and freeze.</summary>
public sealed class PinTests
{
    private static readonly string[] General = ["a", "b"];
    private static readonly string[] East = ["e"];

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task Pinned_clusters_are_their_pools_as_long_as_it_lives_and_the_rest_is_everybody_elses(string server)
    {
        await using var replicas = await StartAsync(server);
        await PinAsync(replicas, "- {pool: east, clusterSelector: {matchLabels: {env: lab}}}");
        await replicas.UntilOwnedByAsync(cluster => IsLab(cluster) ? East : General);

        // What cannot be read changes nothing.
        await PinAsync(replicas, "- {pool: east, clusterSelektor: {matchLabels: {env: lab}}}");
        await Replicas.UntilAsync(() => ToldAsync(replicas).Result.Contains("pin 1: there is no field \"clusterSelektor\"", StringComparison.Ordinal), () => "nobody is told that the rules cannot be read");
        await replicas.UntilOwnedByAsync(cluster => IsLab(cluster) ? East : General);

        // By region, as the cluster's status comes to have it, and by more than one rule.
        await PinAsync(replicas, "- {pool: east, clusterSelector: {matchLabels: {env: lab}}}\n- {pool: east, region: west}");
        await replicas.Client.Dynamic(DeclaredClusters.Kind).PatchAsync(
            new(replicas.Namespace, "cluster-1"), Patch.Merge(new JsonObject { ["status"] = new JsonObject { ["region"] = "west" } }), new() { FieldManager = "test", Subresource = "status" }, Ct);
        await replicas.UntilOwnedByAsync(cluster => IsLab(cluster) || cluster == "cluster-1" ? East : General);

        // Nobody of the pool lives: better another owner than none.
        await replicas.SignalAsync("e", "KILL");
        await replicas.UntilOwnedByAsync(General);
        await replicas.StartReplicaAsync("e", pool: "east");
        await replicas.UntilOwnedByAsync(cluster => IsLab(cluster) || cluster == "cluster-1" ? East : General);

        // And of everybody else's, when those are gone.
        await replicas.SignalAsync("a", "TERM");
        await replicas.SignalAsync("b", "TERM");
        await replicas.UntilOwnedByAsync(East);
        await replicas.StartReplicaAsync("a");

        Assert.True(await replicas.Client.Resource(CoreTypes.ConfigMaps).DeleteAsync(new(replicas.Namespace, "fleet-pins"), new(), Ct));
        await replicas.UntilOwnedByAsync("a");
        await replicas.CheckAsync();
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Who_is_frozen_while_its_clusters_are_pinned_elsewhere_writes_none_of_them_when_it_goes_on(string server)
    {
        await using var replicas = await StartAsync(server);
        await replicas.UntilOwnedByAsync(General);
        await replicas.SignalAsync("a", "STOP");
        // The tenant: every cluster.
        await PinAsync(replicas, $"- {{pool: east, namespace: {replicas.Namespace}}}");
        await replicas.UntilOwnedByAsync(East);
        await replicas.SignalAsync("a", "CONT");
        await PinAsync(replicas, "[]");
        await Replicas.UntilAsync(() => replicas.LastWrites().Values.Any(w => w.Replica == "a"), () => "a owns nothing again");
        await replicas.UntilOwnedByAsync(General);
        await replicas.CheckAsync();
    }

    /// <summary>What <c>kubectl describe configmap fleet-pins</c> shows.</summary>
    private static async Task<string> ToldAsync(Replicas replicas) => string.Join(
        '\n', (await replicas.Client.Resource(CoreTypes.Events).ListAsync(new() { Namespace = replicas.Namespace }, Ct)).Items.Where(e => e.Regarding?.Name == "fleet-pins").Select(e => e.Note));

    private static bool IsLab(string cluster) => cluster.EndsWith('5');

    private static async Task<Replicas> StartAsync(string server)
    {
        var replicas = await Replicas.StartAsync(server, 30, 3);
        await DeclaredClusters.ServeAsync(replicas.Client, Ct);
        foreach (var cluster in replicas.Clusters)
            await DeclaredClusters.DeclareAsync(replicas.Client, new(replicas.Namespace, cluster), "env", IsLab(cluster) ? "lab" : "production", Ct);
        foreach (var name in General)
            await replicas.StartReplicaAsync(name);
        await replicas.StartReplicaAsync("e", pool: "east");
        return replicas;
    }

    private static Task PinAsync(Replicas replicas, string rules) => DeclaredClusters.PinAsync(replicas.Client, replicas.Namespace, rules, Ct);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
}
