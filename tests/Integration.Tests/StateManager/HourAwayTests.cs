using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>StateManager with a clock that can be hurried.</summary>
public sealed class HurriedEnvironment : DriftEnvironment
{
    internal PacedClock Paced { get; } = new();

    protected override TimeProvider Clock => Paced;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Paced.DisposeAsync();
    }
}

/// <summary>A cluster that is away for an hour: asked ever more rarely, but never given up, and caught up when it is back.</summary>
public sealed class HourAwayTests(HurriedEnvironment environment) : IClassFixture<HurriedEnvironment>
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    private static readonly ObjectKey Web = new("apps", "web");

    /// <summary>The longest back-off of a connection with its jitter and the time of the work; a watch asks every half minute at least.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromMinutes(3);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_an_hour_a_cluster_gets_what_was_declared_meanwhile_and_what_drifted_is_corrected_in_the_promised_time()
    {
        const string name = "hour";
        var cluster = await environment.AddClusterAsync(name);
        await using var path = await TroubledClusterTests.ThroughAsync(environment, name);
        await environment.ApplyAsync(DriftEnvironment.Set(name, "ContinuousWithDriftDetection"));
        await environment.ServiceAsync(name, "web", "Deployed");

        path.Cut();
        // Both of these happen while nobody can see them.
        await cluster.Dynamic(ConfigMaps).PatchAsync(
            Web, Patch.Merge((JsonObject)JsonNode.Parse("""{"data":{"color":"green"}}""")!), new PatchOptions { FieldManager = "test-editor" }, Ct);
        await environment.StatusAsync(name, IsAway, "tells that its cluster is away");
        await environment.ApplyAsync(WithTwo(name));

        // Connections that are refused cost no time, so the clock may run ahead of them.
        await environment.Paced.PassAsync(TimeSpan.FromMinutes(20), pace: 240);
        var start = path.Refused;
        await environment.Paced.PassAsync(TimeSpan.FromMinutes(20), pace: 240);
        var (second, middle) = (path.Refused - start, path.Refused);
        await environment.Paced.PassAsync(TimeSpan.FromMinutes(20), pace: 240);
        var third = path.Refused - middle;
        // Each of six watches asks every 15 to 30 seconds, with up to four connections: neither given up nor hammered, and it stays so.
        Assert.InRange(second, 6 * 20, 6 * 4 * 80);
        Assert.InRange(third, second / 3, second * 3);
        Assert.True(IsAway((await environment.GetAsync("ServiceSet", name))!.At("status") as JsonObject), "it is still told");

        path.Mend();
        var mended = environment.Paced.GetUtcNow();
        environment.Paced.Pace = 4;
        await environment.BackAsync(cluster, ConfigMaps, Web, o => (string?)o?.At("data", "color") == "red", "corrected");
        environment.Paced.Pace = 1;
        await environment.ServiceAsync(name, "other", "Deployed");
        var took = environment.Paced.GetUtcNow() - mended;
        Assert.True(took < Promised, $"it took {took}");
        await environment.NotDriftedAsync(name);
    }

    private static bool IsAway(JsonObject? status) => (status?["conditions"] as JsonArray)?.Any(condition =>
        (string?)condition!["type"] == "ServiceSetStatusesCollected" && (string?)condition["status"] == "False") == true;

    private static JsonObject WithTwo(string name)
    {
        var set = DriftEnvironment.Set(name, "ContinuousWithDriftDetection");
        var other = Service("other");
        other["template"] = "varied";
        set["spec"]!["services"]!.AsArray().Add(other);
        return set;
    }
}
