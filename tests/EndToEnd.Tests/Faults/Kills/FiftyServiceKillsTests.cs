using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.EndToEnd.Tests.Faults.Kills;

/// <summary>
/// kill -9 of StateManager at fifty random points, while services are installed, upgraded, exchanged and removed on several clusters side by side. Its helm
/// is not killed with it. <c>FLEET_KILL_SEED</c> repeats the points of a run, <c>FLEET_KILLS</c> makes a longer one.
/// </summary>
public sealed class FiftyServiceKillsTests
{
    private const int Clusters = 4;

    private const int MostWrites = 60;

    private static readonly (string Name, Func<ClusterChange, bool> Is)[] Events =
    [
        .. KillPoint.OfReleases,
        ("a Deployment is made", change => change is { Type: WatchEventType.Added, Kind.Kind: "Deployment" }),
        ("a Deployment is changed", change => change is { Type: WatchEventType.Modified, Kind.Kind: "Deployment" }),
        ("a Deployment goes", change => change is { Type: WatchEventType.Deleted, Kind.Kind: "Deployment" }),
        ("a status is written", change => change is { Type: WatchEventType.Modified, Kind.Kind: "ServiceSet" }),
    ];

    private readonly Random random = new(Seed);
    private volatile bool calm;

    private static int Seed { get; } = Number("FLEET_KILL_SEED", Environment.TickCount);

    [Fact]
    public async Task Fifty_kills_leave_exactly_the_declared_releases_and_nothing_is_installed_anew()
    {
        var kills = Number("FLEET_KILLS", 50);
        TestContext.Current.TestOutputHelper!.WriteLine($"FLEET_KILL_SEED={Seed}");
        await using var stage = await ServiceKillStage.StartAsync(Clusters);
        await using var manager = ManagerProcess.OfServices(stage.KubeconfigPath);
        await manager.StartAsync();
        await FaultFleet.UntilAsync(() => stage.Templates.All(template => (bool?)template["status"]?["valid"] == true), "templates are valid");
        var points = new List<string>();
        var underWay = 0;
        try
        {
            var cycles = Enumerable.Range(0, Clusters).Select(index => CyclesAsync(stage, $"c{index}")).ToList();
            for (var kill = 0; kill < kills && !cycles.Exists(cycle => cycle.IsFaulted); kill++)
            {
                var point = KillPoint.Random(random, Events, MostWrites);
                if (!point.IsInStart)
                    await manager.ReadyAsync();
                // Nodes and leases of the simulated clusters change all the time.
                var (writes, at) = await point.ReachAsync(stage.Subscribe, change => change.Key.Namespace is ServiceKillStage.Team or ServiceKillStage.Apps);
                points.Add($"{point.Name}: {at}");
                underWay += writes > 0 ? 1 : 0;
                await manager.KillAsync();
                await manager.StartAsync();
            }

            calm = true;
            var lives = (await Task.WhenAll(cycles)).Sum();
            // Or the kills were of managers that did nothing, and prove nothing.
            Assert.True(underWay > kills / 2, $"only {underWay} kills came while something was being done: {string.Join("; ", points)}");
            TestContext.Current.TestOutputHelper!.WriteLine($"{lives} times services were installed, upgraded and removed; killed {string.Join("; ", points)}");
            await manager.StopAsync();
            Assert.Empty(manager.Leftovers());
        }
        catch (Exception e) when (e is TimeoutException or Xunit.Sdk.XunitException)
        {
            calm = true;
            throw new InvalidOperationException($"FLEET_KILL_SEED={Seed}: {e.Message}\nkilled {string.Join("\n", points)}", e);
        }
    }

    /// <summary>Lives of a set, one after the other, each from nothing to nothing.</summary>
    private async Task<int> CyclesAsync(ServiceKillStage stage, string cluster)
    {
        var lives = 0;
        for (; !calm; lives++)
        {
            await stage.DeclareAsync(cluster, ("a", "web-1-0-0"), ("b", "web-1-0-0"), ("c", "web-1-0-0"));
            var first = await AsDeclaredAsync(stage, cluster, ("a", "1.0.0"), ("b", "1.0.0"), ("c", "1.0.0"));
            await stage.DeclareAsync(cluster, ("a", "web-2-0-0"), ("b", "web-1-0-0"), ("d", "web-2-0-0"));
            var second = await AsDeclaredAsync(stage, cluster, ("a", "2.0.0"), ("b", "1.0.0"), ("d", "2.0.0"));
            // What stays is upgraded in place: a recovery by removal would take its data along.
            Assert.All(["a", "b"], name => Assert.Equal(first[name].Uid, second[name].Uid));
            await stage.DeleteAsync(cluster);
            await FaultFleet.UntilAsync(() => stage.Set(cluster) is null, $"{cluster}: the set is gone: {stage.Set(cluster)}", 120);
            Assert.Empty(stage.Records(cluster));
            Assert.Empty(stage.Running(cluster));
        }

        return lives;
    }

    private static async Task<IReadOnlyDictionary<string, (string Version, string Uid)>> AsDeclaredAsync(ServiceKillStage stage, string cluster, params (string Name, string Version)[] services)
    {
        await FaultFleet.UntilAsync(() => IsDeployed(stage.Set(cluster)), $"{cluster} is deployed", 240);
        var running = stage.Running(cluster);
        Assert.Equal(services, running.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => (item.Key, item.Value.Version)));
        var records = stage.Records(cluster);
        var text = string.Join(", ", records);
        Assert.True(services.Select(service => service.Name).SequenceEqual(records.Select(record => record.Release).Distinct()), text);
        Assert.All(records.GroupBy(record => record.Release), release => Assert.True(release.Last().State == "deployed" && release.Count(record => record.State == "deployed") == 1, text));
        Assert.DoesNotContain(records, record => record.State.StartsWith("pending", StringComparison.Ordinal));
        return running;
    }

    private static bool IsDeployed(JsonObject? set) =>
        set?["status"] is { } status && (bool?)status["deployed"] == true && (long?)status["observedGeneration"] == (long?)set["metadata"]!["generation"]
        && (status["services"] as JsonArray)?.Count == (set["spec"]!["services"] as JsonArray)?.Count;

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
