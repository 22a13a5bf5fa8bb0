using System.Text.Json.Nodes;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Upstream's stopOnConflict and continueOnError with real helm; each case has a cluster of its own.</summary>
public sealed class ServiceGateLifeTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await environment.ApplyAsync(Template());

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Services_come_one_after_the_other_and_wait_behind_one_that_fails()
    {
        await environment.AddClusterAsync("ordered");
        await environment.ApplyAsync(Configured("ordered", """{"continueOnError":false}""", Service("one"), Service("two", "replicaCount: many"), Service("three")));
        await environment.ServiceAsync("ordered", "one", "Deployed");
        await environment.ServiceAsync("ordered", "two", "Failed");
        await environment.StatusAsync("ordered", s => Message(s, "three")?.StartsWith("not begun: continueOnError is false, and apps/two is Failed: ", StringComparison.Ordinal) == true, "waiting");
        Assert.DoesNotContain("three", await environment.HelmOnAsync("ordered", "list", "-A"), StringComparison.Ordinal);

        await environment.ApplyAsync(Configured("ordered", """{"continueOnError":false}""", Service("one"), Service("two", "replicaCount: 1"), Service("three")));
        await environment.ServiceAsync("ordered", "three", "Deployed");
        var began = (JsonNode.Parse(await environment.HelmOnAsync("ordered", "list", "-A", "-o", "json")) as JsonArray)!
            .OrderBy(r => (string?)r!["updated"], StringComparer.Ordinal).Select(r => (string?)r!["name"]);
        Assert.Equal(["one", "two", "three"], began);
    }

    [Fact]
    public async Task Behind_a_release_of_another_set_nothing_is_begun_until_it_is_free()
    {
        await environment.AddClusterAsync("contested");
        await environment.ApplyAsync(Configured("contested-first", """{"priority":200}""", Service("shared")));
        await environment.ServiceAsync("contested-first", "shared", "Deployed");
        await environment.ApplyAsync(Configured("contested-second", """{"stopOnConflict":true}""", Service("shared"), Service("own")));
        await environment.StatusAsync(
            "contested-second",
            s => Message(s, "own") == "not begun: stopOnConflict is set, and release apps/shared is managed by ServiceSet contested-first already", "waiting");
        Assert.DoesNotContain("own", await environment.HelmOnAsync("contested", "list", "-A", "--short"), StringComparison.Ordinal);

        await environment.DeleteSetAsync("contested-first");
        await environment.ServiceAsync("contested-second", "own", "Deployed");
        await environment.ServiceAsync("contested-second", "shared", "Deployed");
    }

    private static JsonObject Configured(string name, string config, params JsonObject[] services)
    {
        var set = Set(name, name.Split('-')[0], services);
        set["spec"]!["provider"]!["config"] = JsonNode.Parse(config);
        return set;
    }

    private static string? Message(JsonObject? status, string service) =>
        (string?)(status?["services"] as JsonArray)?.FirstOrDefault(s => (string?)s!["name"] == service)?["failureMessage"];
}
