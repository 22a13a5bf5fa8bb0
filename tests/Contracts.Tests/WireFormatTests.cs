using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;

namespace Fleet.Contracts.Tests;

public class WireFormatTests
{
    [Fact]
    public void Unset_fields_are_not_written()
    {
        var spec = new ClusterDeploymentSpec { Template = "t", ServiceSpec = new() { Services = [new Service { Name = "web", Template = "nginx" }] } };
        Assert.Equal(
            """{"template":"t","serviceSpec":{"services":[{"name":"web","template":"nginx"}]}}""",
            JsonSerializer.Serialize(spec, ContractsJson.Default.ClusterDeploymentSpec));
    }

    [Fact]
    public void Unknown_fields_are_read_over()
    {
        var spec = JsonSerializer.Deserialize("""{"template":"t","fromTheFuture":{"a":1},"config":{"region":"x","n":[1]}}""", ContractsJson.Default.ClusterDeploymentSpec)!;
        Assert.Equal("t", spec.Template);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"region":"x","n":[1]}"""), spec.Config));
    }

    [Fact]
    public void Conditions_are_plain_words_on_the_wire()
    {
        var json = JsonSerializer.Serialize(
            Condition.False(ClusterDeploymentConditions.CapiClusterSummary, Reason.Progressing, "soon"), ContractsJson.Default.Condition);
        Assert.Equal("""{"type":"CAPIClusterSummary","status":"False","lastTransitionTime":"0001-01-01T00:00:00+00:00","reason":"Progressing","message":"soon"}""", json);
        Assert.Equal(ClusterDeploymentConditions.CapiClusterSummary, JsonSerializer.Deserialize(json, ContractsJson.Default.Condition)!.Type);
    }
}
