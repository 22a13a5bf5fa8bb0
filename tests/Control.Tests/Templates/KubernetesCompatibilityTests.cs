using Fleet.Control.Templates;

namespace Fleet.Control.Tests.Templates;

public sealed class KubernetesCompatibilityTests
{
    [Theory]
    [InlineData("v1.33.1", ">= 1.31, < 1.35")]
    [InlineData("1.33.1", "~1.33")]
    [InlineData("v1.31.4-gke.1183000", ">= 1.31.0")]
    [InlineData("v1.31.4+k3s1", ">= 1.31.4")]
    [InlineData(null, ">= 1.99")]
    [InlineData("v1.33.1", null)]
    [InlineData("v1.33.1", "")]
    public void What_fits_or_says_nothing_is_no_problem(string? version, string? constraint) => Assert.Null(Problem(version, constraint));

    [Theory]
    [InlineData("v1.30.9", ">= 1.31")]
    [InlineData("v1.35.0", ">= 1.31, < 1.35")]
    [InlineData("v1.31.0-alpha.1", ">= 1.31.0")]
    public void What_does_not_fit_is_told_in_upstreams_words(string version, string constraint) =>
        Assert.Equal(
            $"failed to validate k8s compatibility: k8s version {version} of the ClusterTemplate org/aws does not satisfy k8s constraint {constraint} from the ServiceTemplate org/nginx",
            Problem(version, constraint));

    [Fact]
    public void All_that_do_not_fit_are_named_once() =>
        Assert.Equal(
            2,
            KubernetesCompatibility.Problem("org/aws", "v1.30.0", [("org/a", ">= 1.31"), ("org/b", ">= 1.32"), ("org/a", ">= 1.31"), ("org/c", ">= 1.29")])!.Split("; ").Length);

    [Theory]
    [InlineData("newest", false)]
    [InlineData(">= 1.31", true)]
    [InlineData(null, true)]
    public void A_constraint_that_is_no_range_is_told(string? constraint, bool isGood) =>
        Assert.Equal(isGood, KubernetesCompatibility.ConstraintProblem(constraint) is null);

    private static string? Problem(string? version, string? constraint) => KubernetesCompatibility.Problem("org/aws", version, [("org/nginx", constraint)]);
}
