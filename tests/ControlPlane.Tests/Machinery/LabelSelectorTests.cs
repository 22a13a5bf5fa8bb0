using System.Text;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
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
    [InlineData("app,app!=db,app in (web)", true)]
    [InlineData("app=web,missing", false)]
    [InlineData("!missing,size<5", false)]
    public void Selectors_follow_the_language_of_kubectl(string text, bool expected)
    {
        Assert.Equal(expected, LabelSelector.Parse(text).Matches(Labels));
        Assert.Equal(expected, LabelSelector.Parse(text).Matches(Stored("""{"name":"a","labels":{"app":"we\u0062","tier":"front","size":"5"},"annotations":{"app":"no"}}""")));
    }

    [Theory]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"labels":null,"name":"a"}""")]
    [InlineData("""{"labels":{},"name":"a"}""")]
    public void An_object_without_labels_has_none(string metadata)
    {
        Assert.False(LabelSelector.Parse("app").Matches(Stored(metadata)));
        Assert.True(LabelSelector.Parse("!app,tier!=x").Matches(Stored(metadata)));
    }

    [Fact]
    public void However_many_requirements_there_are() =>
        Assert.True(LabelSelector.Parse("app=web," + string.Join(',', Enumerable.Range(0, 60).Select(i => $"!l{i}"))).Matches(Stored("""{"labels":{"app":"web"}}""")));

    [Theory]
    [InlineData("app in web")]
    [InlineData(",")]
    [InlineData("a b=c")]
    public void What_cannot_be_parsed_is_a_400(string text) => Assert.Equal(400, Assert.Throws<KubeApiException>(() => LabelSelector.Parse(text)).Code);

    private static StoredObject Stored(string metadata) =>
        new(new("ns", "a"), Encoding.UTF8.GetBytes($$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{{metadata}}}"""), 0, 1, "uid", null);
}
