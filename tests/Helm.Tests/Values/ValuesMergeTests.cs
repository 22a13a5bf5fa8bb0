using System.Text.Json.Nodes;
using Fleet.Helm.Values;

namespace Fleet.Helm.Tests.Values;

public sealed class ValuesMergeTests
{
    [Theory]
    [InlineData("a: {b: 1, c: 2}", "a: {c: 3}", """{"a":{"b":1,"c":3}}""")]
    [InlineData("a: [1, 2]", "a: [3]", """{"a":[3]}""")]
    [InlineData("a: {b: 1}", "a: 5", """{"a":5}""")]
    [InlineData("a: 5", "a: {b: 1}", """{"a":{"b":1}}""")]
    [InlineData("a: {b: 1, c: 2}", "a: {b: null}", """{"a":{"c":2}}""")]
    [InlineData("a: 1", "a: null", "{}")]
    [InlineData("", "a: {b: null, c: 1}", """{"a":{"c":1}}""")]
    public void Effective_values_are_what_templates_see(string defaults, string values, string expected) =>
        Assert.Equal(expected, ValuesMerge.Effective(YamlValues.ParseObject(defaults), YamlValues.ParseObject(values)).ToJsonString());

    [Fact]
    public void Merge_keeps_a_null_so_that_it_still_deletes_the_charts_default() =>
        Assert.Equal("""{"a":{"b":null,"c":2}}""",
            ValuesMerge.Merge(YamlValues.ParseObject("a: {b: 1, c: 2}"), YamlValues.ParseObject("a: {b: null}")).ToJsonString());

    [Fact]
    public void Merge_leaves_its_inputs_alone()
    {
        var under = YamlValues.ParseObject("a: {b: 1}");
        var over = YamlValues.ParseObject("a: {c: {d: 1}}");
        var merged = ValuesMerge.Merge(under, over);
        ((JsonObject)merged["a"]!["c"]!)["d"] = 2;
        Assert.Equal("""{"a":{"b":1}}""", under.ToJsonString());
        Assert.Equal("""{"a":{"c":{"d":1}}}""", over.ToJsonString());
    }
}
