using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Control.Grains;
using Fleet.Control.Status;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Tests.Status;

public sealed class StatusPatchTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private const string Seen = """
        {"version":"1","provider":{"ready":true,"old":1},"foreign":"x","conditions":[
          {"type":"Ready","status":"True","reason":"Succeeded","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"},
          {"type":"Theirs","status":"True","reason":"Other","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"},
          {"type":"Deleting","status":"True","reason":"Deleting","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}
        """;

    public sealed record Case(string Name, string? Before, string Fields, string Conditions, string? Expected)
    {
        public override string ToString() => Name;
    }

    public static TheoryData<Case> Cases =>
    [
        new Case("nothing changes", Seen, """{"version":"1"}""",
            """[{"type":"Ready","status":"True","reason":"Succeeded","message":""},{"type":"Deleting","status":"True","reason":"Deleting","message":""}]""", null),
        new Case("fields differ only where they differ", Seen, """{"version":"2","provider":{"ready":true}}""",
            """[{"type":"Ready","status":"True","reason":"Succeeded","message":""},{"type":"Deleting","status":"True","reason":"Deleting","message":""}]""",
            """{"version":"2","provider":{"old":null}}"""),
        new Case("null removes, absent stays", Seen, """{"version":null}""",
            """[{"type":"Ready","status":"True","reason":"Succeeded","message":""},{"type":"Deleting","status":"True","reason":"Deleting","message":""}]""",
            """{"version":null}"""),
        new Case("time of transition stays while the status stays, foreign conditions stay, owned ones that ended go", Seen, "{}",
            """[{"type":"Ready","status":"True","reason":"Other","message":"m"}]""",
            """
            {"conditions":[
              {"type":"Ready","status":"True","reason":"Other","message":"m","lastTransitionTime":"2026-01-01T00:00:00Z"},
              {"type":"Theirs","status":"True","reason":"Other","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}
            """),
        new Case("another status is a transition", """{"conditions":[{"type":"Ready","status":"True","reason":"A","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}""",
            "{}", """[{"type":"Ready","status":"False","reason":"B","message":""}]""",
            """{"conditions":[{"type":"Ready","status":"False","reason":"B","message":"","lastTransitionTime":"2026-11-01T12:00:00Z"}]}"""),
        new Case("first status", null, """{"a":{"b":1},"c":null}""", """[{"type":"Ready","status":"False","reason":"B","message":""}]""",
            """{"a":{"b":1},"conditions":[{"type":"Ready","status":"False","reason":"B","message":"","lastTransitionTime":"2026-11-01T12:00:00Z"}]}"""),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Between_gives_the_smallest_patch(Case given)
    {
        var seen = given.Before is null ? null : (JsonObject)JsonNode.Parse(given.Before)!;
        var patch = StatusPatch.Between(seen, Change(given.Fields, given.Conditions), Now);
        var expected = given.Expected is null ? null : JsonNode.Parse(given.Expected);
        Assert.True(JsonNode.DeepEquals(expected, patch), $"expected {expected?.ToJsonString()}\nactual   {patch?.ToJsonString()}");
    }

    [Fact]
    public void Setting_a_condition_that_is_not_owned_is_a_mistake() => Assert.Throws<ArgumentException>(
        () => StatusPatch.Between(null, Change("{}", """[{"type":"Theirs","status":"True","reason":"X","message":""}]"""), Now));

    private static StatusChange Change(string fields, string conditions) => new()
    {
        Kind = new ResourceKind("example.org", "v1", "Thing", "things", true),
        Metadata = new ObjectMeta { Name = "one", Namespace = "team-a" },
        Seen = null,
        Fields = (JsonObject)JsonNode.Parse(fields)!,
        Conditions = [.. JsonNode.Parse(conditions)!.AsArray().Select(c => c.Deserialize(ContractsJson.Default.Condition)!)],
        OwnedConditions = new HashSet<ConditionType> { SharedConditions.Ready, SharedConditions.Deleting },
        Ownership = new GrainOwnership(new GrainId("thing", new("team-a", "one")), 1, new LocalGrainDirectory()),
    };
}
