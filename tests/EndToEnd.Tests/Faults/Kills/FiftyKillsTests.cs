using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.EndToEnd.Tests.Faults.Kills;

/// <summary>
/// kill -9 of ClusterManager at fifty random points, while clusters are made, upgraded and deleted side by side. Its helm is not killed with it.
/// <c>FLEET_KILL_SEED</c> repeats the points of a run, <c>FLEET_KILLS</c> makes a longer one.
/// </summary>
public sealed class FiftyKillsTests
{
    private const int SideBySide = 5;

    private const int MostWrites = 100;

    /// <summary>One of each.</summary>
    private const int MachinesOfCluster = 2;

    private static readonly (string Name, Func<ClusterChange, bool> Is)[] Events =
    [
        .. KillPoint.OfReleases,
        ("an AWSCluster is made", change => change is { Type: WatchEventType.Added, Kind.Kind: "AWSCluster" }),
        ("a control plane is changed", change => change is { Type: WatchEventType.Modified, Kind.Kind: "KubeadmControlPlane" }),
        ("a worker pool is changed", change => change is { Type: WatchEventType.Modified, Kind.Kind: "MachineDeployment" }),
        ("a machine template is made", change => change is { Type: WatchEventType.Added, Kind.Kind: "AWSMachineTemplate" }),
        ("a machine template goes", change => change is { Type: WatchEventType.Deleted, Kind.Kind: "AWSMachineTemplate" }),
        ("a status is written", change => change is { Type: WatchEventType.Modified, Kind.Kind: "ClusterDeployment" }),
        ("a Cluster goes", change => change is { Type: WatchEventType.Deleted, Kind.Kind: "Cluster" }),
        ("a kubeconfig is made", change => change is { Type: WatchEventType.Added, Kind.Kind: "Secret" } && change.Key.Name.EndsWith("-kubeconfig", StringComparison.Ordinal)),
    ];

    private readonly Random random = new(Seed);
    private volatile bool calm;

    private static int Seed { get; } = Number("FLEET_KILL_SEED", Environment.TickCount);

    [Fact]
    public async Task Fifty_kills_leave_nothing_behind_nothing_half_made_and_no_machine_is_made_twice()
    {
        var kills = Number("FLEET_KILLS", 50);
        TestContext.Current.TestOutputHelper!.WriteLine($"FLEET_KILL_SEED={Seed}");
        await using var stage = await KillStage.StartAsync();
        await using var manager = ManagerProcess.OfClusters(stage.KubeconfigPath);
        await manager.StartAsync();
        await FaultFleet.UntilAsync(() => stage.List("k0rdent.mirantis.com", "ClusterTemplate").All(template => (bool?)template["status"]?["valid"] == true), "templates are valid");
        var before = stage.Everything();
        var points = new List<string>();
        var underWay = 0;
        try
        {
            var cycles = Enumerable.Range(0, SideBySide).Select(index => CyclesAsync(stage, index)).ToList();
            for (var kill = 0; kill < kills && !cycles.Exists(cycle => cycle.IsFaulted); kill++)
            {
                var point = KillPoint.Random(random, Events, MostWrites);
                if (!point.IsInStart)
                    await manager.ReadyAsync();
                var (writes, at) = await point.ReachAsync(stage.Api.Subscribe, change => change.Key.Namespace == KillStage.Team);
                points.Add($"{point.Name}: {at}");
                underWay += writes > 0 ? 1 : 0;
                await manager.KillAsync();
                await manager.StartAsync();
            }
            calm = true;
            var made = (await Task.WhenAll(cycles)).Sum();
            // Or the kills were of managers that did nothing, and prove nothing.
            Assert.True(underWay > kills / 2, $"only {underWay} kills came while something was being done: {string.Join("; ", points)}");
            TestContext.Current.TestOutputHelper!.WriteLine($"{made} clusters were made, upgraded and deleted; killed {string.Join("; ", points)}");
            await FaultFleet.UntilAsync(() => stage.Everything().SequenceEqual(before) && stage.Clusters == 1, "nothing of the clusters is left", 30);
            await manager.StopAsync();
            Assert.Empty(manager.Leftovers());
        }
        catch (Exception e) when (e is TimeoutException or Xunit.Sdk.XunitException)
        {
            calm = true;
            throw new InvalidOperationException(
                $"FLEET_KILL_SEED={Seed}: {e.Message}\nleft: {string.Join(", ", stage.Everything().Except(before))}\nkilled {string.Join("\n", points)}", e);
        }
    }

    /// <summary>Lives of clusters, one after the other, each from nothing to nothing.</summary>
    private async Task<int> CyclesAsync(KillStage stage, int index)
    {
        var made = 0;
        while (!calm)
        {
            var name = $"c{index}x{made++}";
            await stage.DeclareAsync(name);
            await UntilAsync(stage, name, cluster => IsCompleted(cluster, "aws-33"));
            Check(stage, name, MachinesOfCluster, "v1.33.1", revisions: 1);
            await stage.UpgradeAsync(name, "aws-34");
            await UntilAsync(stage, name, cluster => IsCompleted(cluster, "aws-34"));
            Check(stage, name, 2 * MachinesOfCluster, "v1.34.0", revisions: 2);
            await stage.DeleteAsync(name);
            await UntilAsync(stage, name, cluster => cluster is null);
            Assert.Empty(stage.Records(name));
            Assert.Empty(stage.Machines(name));
        }
        return made;
    }

    private static void Check(KillStage stage, string name, int everMade, string version, int revisions)
    {
        var records = stage.Records(name);
        var text = string.Join(", ", records);
        // A helm that was asked to end says so in a revision of its own; what counts is what was carried through, and that was once for each content.
        var done = records.Where(record => record.State is "deployed" or "superseded").ToList();
        Assert.True(done.Count == revisions && done.Select(record => record.Fingerprint).Distinct().Count() == revisions, $"{name}: {text}");
        Assert.True(records.Single(record => record.State == "deployed") == records[^1] && !records.Any(record => record.State.StartsWith("pending", StringComparison.Ordinal)), $"{name}: {text}");
        var machines = stage.Machines(name);
        Assert.True(machines.Count == MachinesOfCluster && machines.All(machine => (string?)machine["spec"]!["version"] == version), $"{name}: {string.Join("\n", machines)}");
        Assert.True(everMade == stage.MachinesMade(name), $"{name}: {stage.MachinesMade(name)} machines were made where {everMade} would do; {text}");
        Assert.Equal(2, stage.List("infrastructure.cluster.x-k8s.io", "AWSMachineTemplate").Count(template => ((string)template["metadata"]!["name"]!).StartsWith(name + "-", StringComparison.Ordinal)));
    }

    private static Task UntilAsync(KillStage stage, string name, Func<JsonObject?, bool> isRight) =>
        FaultFleet.UntilAsync(() => isRight(stage.Cluster(name)), $"{name} is as it should be: {stage.Cluster(name)}", 120);

    private static bool IsCompleted(JsonObject? cluster, string template) =>
        cluster?["status"] is { } status
        && (string?)status["upgrade"]?["phase"] == "Completed" && (string?)status["upgrade"]!["template"] == template
        && (status["conditions"] as JsonArray ?? []).Any(condition => (string?)condition?["type"] == "Ready" && (string?)condition["status"] == "True");

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
