using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission;

namespace Fleet.ClusterManager.Tests.Admission;

public sealed class IgnoredFieldsTests
{
    [Fact]
    public void Whoever_sets_a_field_that_nothing_acts_on_is_told_its_path()
    {
        var warnings = Warnings("""{"spec":{"ipamClaim":{"ref":"a"},"serviceSpec":{"stopOnConflict":true,"services":[{"name":"a"},{"name":"b","dependsOn":[{"name":"a"}]}]}}}""");
        Assert.Equal(
            ["spec.serviceSpec.stopOnConflict is accepted but not acted on in this version"],
            warnings);
    }

    [Theory]
    [InlineData("""{"spec":{"template":"t","credential":"c"}}""")]
    [InlineData("""{"spec":{"cleanupOnDeletion":true,"serviceSpec":{"driftIgnore":[],"services":[]}}}""")]
    [InlineData("""{"spec":{"serviceSpec":{"syncMode":"Continuous"}}}""")]
    [InlineData("""{"spec":{"serviceSpec":{"syncMode":"OneTime"}}}""")]
    [InlineData("""{"spec":{"serviceSpec":{"driftIgnore":[{"kind":"Secret"}],"driftExclusions":[{"paths":["/spec"]}]}}}""")]
    public void What_is_acted_on_or_says_nothing_gives_no_warning(string manifest) => Assert.Empty(Warnings(manifest));

    private static IReadOnlyList<string> Warnings(string manifest) => IgnoredFields.Warnings("ClusterDeployment", JsonNode.Parse(manifest)!.AsObject());
}
