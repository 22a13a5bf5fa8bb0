using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Upgrades by helm 4 of what others have changed since: it applies on the server's side and refuses fields of other managers.</summary>
public sealed class FieldConflictTests(DriftHelm4Environment environment) : FieldConflictCases(environment), IClassFixture<DriftHelm4Environment>
{
    [Fact]
    public async Task A_release_that_was_replaced_instead_of_applied_is_upgraded_as_well()
    {
        const string name = "replaced";
        var cluster = await Environment.AddClusterAsync(name);
        var set = Set(name, "", "");
        set["spec"]!["services"]![0]!["helmOptions"] = JsonNode.Parse("""{"upgradeOptions":{"force":true}}""");
        await Environment.ApplyAsync(set);
        await Environment.ServiceAsync(name, "web", "Deployed");
        await EditAsync(cluster, new(name, "web"), "green");
        // helm goes on as the last revision was made, and would refuse the word for conflicts.
        await Environment.ApplyAsync(Set(name, "color: blue", ""));
        await Environment.BackAsync(cluster, ConfigMaps, new(name, "web"), o => (string?)o?.At("data", "color") == "blue", "color");
        await Environment.ServiceAsync(name, "web", "Deployed");
    }
}

/// <summary>The same by helm 3, which would write over everything.</summary>
public sealed class FieldConflictHelm3Tests(DriftEnvironment environment) : FieldConflictCases(environment), IClassFixture<DriftEnvironment>;

public abstract class FieldConflictCases(DriftEnvironment environment)
{
    protected static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    private static readonly ResourceKind SecretKind = new("", "v1", "Secret", "secrets", true);

    protected DriftEnvironment Environment { get; } = environment;

    public static TheoryData<string> Servers => [.. ApiServers.Names];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Servers))]
    public async Task What_is_declared_wins_and_what_is_left_to_others_stays_theirs_through_an_upgrade(string server)
    {
        var name = $"fields-{Guid.NewGuid():N}"[..14];
        var cluster = await Environment.AddServerAsync(name, await ApiServers.SharedAsync(server));
        var key = new ObjectKey(name, "web");
        await Environment.ApplyAsync(Set(name, "", ""));
        await Environment.ServiceAsync(name, "web", "Deployed");

        // Shown only, so it is still the other's when helm runs.
        await EditAsync(cluster, key, "green");
        await Environment.DriftedAsync(name, m => m.Contains("data.color", StringComparison.Ordinal));
        await Environment.ApplyAsync(Set(name, "password: other", ""));
        await Environment.BackAsync(cluster, ConfigMaps, key, o => (string?)o?.At("data", "color") == "red", "color");
        Assert.EndsWith("@2", (string?)(await Environment.ServiceAsync(name, "web", "Deployed"))["lastDeployedHash"], StringComparison.Ordinal);

        const string excluded = """ "driftExclusions":[{"paths":["/data/color"],"target":{"kind":"ConfigMap"}}] """;
        await Environment.ApplyAsync(Set(name, "password: other", excluded));
        await EditAsync(cluster, key, "green");
        await Environment.ApplyAsync(Set(name, "password: third", excluded));
        await Environment.BackAsync(cluster, SecretKind, key, o => (string?)o?.At("data", "password") == Convert.ToBase64String("third"u8), "password");
        await Environment.ServiceAsync(name, "web", "Deployed");
        Assert.Equal("green", (string?)(await cluster.Dynamic(ConfigMaps).GetAsync(key, Ct))!.At("data", "color"));

        // No longer left to others, it is taken back, though nothing else is declared otherwise.
        await Environment.ApplyAsync(Set(name, "password: third", ""));
        await Environment.BackAsync(cluster, ConfigMaps, key, o => (string?)o?.At("data", "color") == "red", "color");
        await Environment.ServiceAsync(name, "web", "Deployed");
        await Environment.DeleteSetAsync(name);
    }

    protected static JsonObject Set(string name, string values, string more)
    {
        var set = DriftEnvironment.Set(name, "Continuous", values, more);
        set["spec"]!["services"]![0]!["namespace"] = name;
        return set;
    }

    protected static Task<DynamicObject> EditAsync(IKubernetesClient cluster, ObjectKey key, string color) => cluster.Dynamic(ConfigMaps).PatchAsync(
        key, Patch.Merge(new JsonObject { ["data"] = new JsonObject { ["color"] = color } }), new PatchOptions { FieldManager = "test-editor" }, Ct);
}
