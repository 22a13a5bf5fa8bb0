using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Tests.Machinery;

public sealed class LabelSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "web", ["tier"] = "front", ["size"] = "5" };

    [Theory]
    [InlineData("app=web", true)]
    [InlineData("app==web,tier!=back", true)]
    [InlineData("app in (db, web)", true)]
    [InlineData("app notin (db,web)", false)]
    [InlineData("missing notin (x)", true)]
    [InlineData("tier", true)]
    [InlineData("!tier", false)]
    [InlineData("size>4,size<6", true)]
    [InlineData("size>5", false)]
    [InlineData("missing!=x", true)]
    public void Selectors_follow_the_language_of_kubectl(string text, bool expected) => Assert.Equal(expected, LabelSelector.Parse(text).Matches(Labels));

    [Theory]
    [InlineData("app in web")]
    [InlineData(",")]
    [InlineData("a b=c")]
    public void What_cannot_be_parsed_is_a_400(string text) => Assert.Equal(400, Assert.Throws<KubeApiException>(() => LabelSelector.Parse(text)).Code);
}
