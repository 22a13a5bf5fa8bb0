using System.Text.Json.Nodes;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests.Faults.Kills;

/// <summary>kill -9 of StateManager after it has seen a drift and before anything of its correction is in the cluster: the API server holds that very write.</summary>
public sealed class DriftKillTests
{
    private const string Cluster = "real";

    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);
    private static readonly ResourceKind Secrets = new("", "v1", "Secret", "secrets", true);
    private static readonly ObjectKey Web = new(ServiceKillStage.Apps, "web");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_seen_and_not_corrected_is_corrected_by_the_next_process()
    {
        await using var server = await RealApiServer.StartAsync(withControllers: false);
        var kubeconfig = await File.ReadAllTextAsync(server.KubeconfigPath, Ct);
        using var cluster = KubernetesClient.Create(KubeConfig.Parse(kubeconfig, "test").Endpoint());
        await using var stage = await ServiceKillStage.StartAsync(0);
        await stage.AddClusterAsync(Cluster, kubeconfig);
        await using var manager = ManagerProcess.OfServices(stage.KubeconfigPath);
        await manager.StartAsync();
        await stage.DeclareAsync(Cluster, "ContinuousWithDriftDetection", ("web", "web-1-0-0"));
        await FaultFleet.UntilAsync(() => ((string?)stage.Set(Cluster)?["status"]?["services"]?[0]?["lastDeployedHash"])?.EndsWith("@1", StringComparison.Ordinal) == true, "it is deployed");
        await using var gate = await WriteGate.StartAsync(cluster, Deployments, Ct);
        // The server takes up a webhook within a moment, and tells nobody when.
        await FaultFleet.UntilAsync(() => IsHeldAsync(gate, cluster), "the gate is in use");

        var drifts = new (string What, Func<Task> Make, Func<DynamicObject?, bool> IsThere)[]
        {
            ("an edit", () => EditAsync(cluster, "web:evil"), o => Image(o) == "web:evil"),
            ("a deletion", () => cluster.Dynamic(Deployments).DeleteAsync(Web, DeleteOptions.Background, Ct), o => o is null),
        };
        foreach (var (what, make, isThere) in drifts)
        {
            var correction = gate.Hold(written => Image(written) == "web:1.0.0");
            await make();
            await correction.Reached.WaitAsync(TimeSpan.FromSeconds(60), Ct);
            await manager.KillAsync();
            correction.Refuse();
            Assert.True(isThere(await cluster.Dynamic(Deployments).GetAsync(Web, Ct)), $"{what}: nothing was corrected before the end");

            await manager.StartAsync();
            await FaultFleet.UntilAsync(async () => Image(await cluster.Dynamic(Deployments).GetAsync(Web, Ct)) == "web:1.0.0", $"{what} is corrected");
            await FaultFleet.UntilAsync(() => stage.Set(Cluster)!["status"]!["services"]![0]!["conditions"]?.ToJsonString().Contains("\"Drifted\"", StringComparison.Ordinal) != true, $"{what} is over");
        }

        // Neither process took it for a change of the service.
        Assert.Single((await cluster.Dynamic(Secrets).ListAsync(new() { Namespace = ServiceKillStage.Apps, LabelSelector = "owner=helm" }, Ct)).Items);
        await manager.StopAsync();
        Assert.Empty(manager.Leftovers());
    }

    private static async Task<bool> IsHeldAsync(WriteGate gate, IKubernetesClient cluster)
    {
        var probe = gate.Hold(written => (string?)written["metadata"]?["annotations"]?["probe"] is not null);
        var write = cluster.Dynamic(Deployments).PatchAsync(
            Web, Patch.Merge((JsonObject)JsonNode.Parse($$$"""{"metadata":{"annotations":{"probe":"{{{Guid.NewGuid()}}}"} } }""")!), PatchOptions.Default, Ct);
        var isHeld = await Task.WhenAny(write, probe.Reached) == probe.Reached;
        probe.Refuse();
        try
        {
            await write;
        }
        catch (KubeApiException) when (isHeld)
        {
            // As every write that was held.
        }
        return isHeld;
    }

    private static Task EditAsync(IKubernetesClient cluster, string image) => cluster.Dynamic(Deployments).PatchAsync(
        Web, Patch.Strategic((JsonObject)JsonNode.Parse($$"""{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"{{image}}"}]} } } }""")!),
        new PatchOptions { FieldManager = "test-editor" }, Ct);

    private static string? Image(DynamicObject? deployment) => Image(deployment?.Root);

    private static string? Image(JsonObject? deployment) => (string?)deployment?["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"];
}
