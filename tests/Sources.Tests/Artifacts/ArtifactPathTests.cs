using Fleet.Sources.Artifacts;

namespace Fleet.Sources.Tests.Artifacts;

public class ArtifactPathTests
{
    [Theory]
    [InlineData("a/b.yaml", "a/b.yaml")]
    [InlineData("./a//b.yaml", "a/b.yaml")]
    [InlineData("..a/b..", "..a/b..")]
    public void A_name_becomes_a_path_below_the_folder(string name, string path) => Assert.Equal(path, ArtifactPath.Of(name));

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/..")]
    [InlineData("a\\..\\x")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("")]
    public void A_name_that_could_lead_out_is_refused(string name) => Assert.Throws<InvalidDataException>(() => ArtifactPath.Of(name));

    [Theory]
    [InlineData("a/b", "c", true)]
    [InlineData("a/b", "../c", true)]
    [InlineData("a/b", "../../c", false)]
    [InlineData("b", "../c", false)]
    [InlineData("a/b", "/etc/passwd", false)]
    [InlineData("a/b", "x/../../../c", false)]
    [InlineData("a/b", "", false)]
    public void A_link_stays_inside_or_not(string path, string target, bool inside) => Assert.Equal(inside, ArtifactPath.StaysInside(path, target));
}
