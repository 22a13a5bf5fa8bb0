using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Tests.Capi;

public class CapiConditionsTests
{
    private static IReadOnlyList<CapiCondition> Of(string json) => CapiConditions.Of((JsonObject)JsonNode.Parse(json)!);

    [Fact]
    public void The_new_conditions_win_where_an_older_api_keeps_both()
    {
        var conditions = Of("""{"status":{"conditions":[{"type":"Ready","status":"False"}],"v1beta2":{"conditions":[{"type":"Available","status":"True"}]}}}""");
        Assert.Equal(("Available", ConditionStatus.True), (Assert.Single(conditions).Type, conditions[0].Status));
    }

    [Fact]
    public void Without_a_status_there_are_none() => Assert.Empty(Of("{}"));

    [Theory]
    [InlineData("""{"type":"Ready","status":"False","message":"general"},{"type":"VpcReady","status":"False","message":"no VPC"}""", "no VPC")]
    [InlineData("""{"type":"Ready","status":"False","message":"* one\n* two"}""", "one; two")]
    [InlineData("""{"type":"Ready","status":"False","reason":"Creating"}""", "Creating")]
    [InlineData("""{"type":"Paused","status":"False","message":"not paused"},{"type":"Ready","status":"True"}""", null)]
    public void The_most_telling_condition_names_the_blocker(string conditions, string? expected) =>
        Assert.Equal(expected, CapiConditions.FaultOf((JsonObject)JsonNode.Parse($$$"""{"status":{"conditions":[{{{conditions}}}]}}""")!)?.Message);
}
