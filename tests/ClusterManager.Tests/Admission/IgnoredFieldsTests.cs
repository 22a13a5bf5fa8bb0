using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission;

namespace Fleet.ClusterManager.Tests.Admission;

public sealed class IgnoredFieldsTests
{
    [Fact]
    public void Whoever_sets_a_field_that_nothing_acts_on_is_told_its_path()
    {
        var warnings = IgnoredFields.Warnings("ServiceTemplate", Json("""{"spec":{"helm":{"chartSpec":{"chart":"a","valuesFiles":["b.yaml"],"suspend":false}}}}"""));
        Assert.Equal(
            ["spec.helm.chartSpec.valuesFiles is accepted but not acted on in this version"],
            warnings);
    }

    [Theory]
    [InlineData("""{"spec":{"template":"t","credential":"c"}}""")]
    [InlineData("""{"spec":{"cleanupOnDeletion":true,"serviceSpec":{"driftIgnore":[],"services":[]}}}""")]
    [InlineData("""{"spec":{"serviceSpec":{"syncMode":"Continuous"}}}""")]
    [InlineData("""{"spec":{"serviceSpec":{"syncMode":"OneTime","stopOnConflict":true,"continueOnError":true,"reload":true}}}""")]
    [InlineData("""{"spec":{"serviceSpec":{"driftIgnore":[{"kind":"Secret"}],"driftExclusions":[{"paths":["/spec"]}]}}}""")]
    public void What_is_acted_on_or_says_nothing_gives_no_warning(string manifest) => Assert.Empty(Warnings(manifest));

    private static IReadOnlyList<string> Warnings(string manifest) => IgnoredFields.Warnings("ClusterDeployment", Json(manifest));

    private static JsonObject Json(string manifest) => JsonNode.Parse(manifest)!.AsObject();
}
