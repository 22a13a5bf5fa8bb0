using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission.Schemas;

namespace Fleet.ClusterManager.Tests.Admission;

public class ValuesSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer","minimum":1}""", "0", "minimum: must be at least 1, but is 0")]
    [InlineData("""{"type":"integer"}""", "1.5", "type: must be integer, but is number")]
    [InlineData("""{"type":["string","null"]}""", "[]", "type: must be string or null, but is array")]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"", "enum: must be one of a, b, but is \"c\"")]
    [InlineData("""{"const":1}""", "2", "const: must be 1, but is 2")]
    [InlineData("""{"pattern":"^a+$"}""", "\"b\"", "pattern: must match ^a+$")]
    [InlineData("""{"minLength":1}""", "\"\"", "minLength: must not be empty")]
    [InlineData("""{"maxItems":1}""", "[1,2]", "maxItems: must have at most 1 items, but has 2")]
    [InlineData("""{"uniqueItems":true}""", "[{\"a\":1},{\"a\":1}]", "uniqueItems: must not hold the same item twice")]
    [InlineData("""{"items":{"type":"string"}}""", "[\"a\",1]", "[1] type: must be string, but is integer")]
    [InlineData("""{"required":["a"]}""", "{}", "a required: is required")]
    [InlineData("""{"properties":{"a":{"properties":{"b":{"type":"boolean"}}}}}""", "{\"a\":{\"b\":1}}", "a.b type: must be boolean, but is integer")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":false}""", "{\"a\":1,\"b\":2}", "b additionalProperties: is not known to the chart")]
    [InlineData("""{"additionalProperties":{"type":"string"}}""", "{\"b\":2}", "b type: must be string, but is integer")]
    [InlineData("""{"$ref":"#/definitions/x","definitions":{"x":{"type":"string"}}}""", "1", "type: must be string, but is integer")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"array"}]}""", "1", "oneOf: fits none of the forms that the chart allows")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":0}]}""", "1", "oneOf: fits several of the forms that the chart allows only one of")]
    [InlineData("""{"not":{"required":["a"]}}""", "{\"a\":1}", "not: is a form that the chart does not allow")]
    [InlineData("""{"if":{"properties":{"a":{"const":1}}},"then":{"required":["b"]}}""", "{\"a\":1}", "b required: is required")]
    public void What_does_not_fit_is_told_with_path_and_rule(string schema, string value, string problem) => Assert.Equal([problem], Check(schema, value));

    [Theory]
    [InlineData("""{"type":"number"}""", "1")]
    [InlineData("""{"type":"integer"}""", "1.0")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"integer"}]}""", "1")]
    [InlineData("""{"patternProperties":{"^x-":{}},"additionalProperties":false}""", "{\"x-a\":1}")]
    [InlineData("""{"$ref":"#/definitions/node","definitions":{"node":{"properties":{"next":{"$ref":"#/definitions/node"}}}}}""", "{\"next\":{\"next\":{}}}")]
    [InlineData("true", "1")]
    public void What_fits_is_accepted(string schema, string value) => Assert.Empty(Check(schema, value));

    [Theory]
    [InlineData("""{"not":{"contains":{"type":"string"}}}""", "[1]")]
    [InlineData("""{"oneOf":[{"format":"ipv4"},{"format":"ipv6"}]}""", "\"10.0.0.1\"")]
    [InlineData("""{"if":{"propertyNames":{"maxLength":1}},"then":{"required":["b"]}}""", "{\"long\":1}")]
    [InlineData("""{"pattern":"(?P<name>x)["}""", "\"y\"")]
    [InlineData("""{"items":[{"type":"string"}]}""", "[1]")]
    [InlineData("""{"$ref":"https://example.org/schema.json"}""", "1")]
    public void What_is_not_understood_here_is_left_to_helm(string schema, string value) => Assert.Empty(Check(schema, value));

    [Fact]
    public void A_schema_that_leads_to_itself_ends() => Assert.Empty(Check("""{"$ref":"#"}""", "1"));

    [Fact]
    public void Values_are_merged_as_helm_does() =>
        Assert.Equal(
            """{"a":{"b":1,"c":3},"l":[9]}""",
            ValuesMerge.Of(JsonNode.Parse("""{"a":{"b":1,"c":2},"l":[1,2],"gone":1}""")!.AsObject(), JsonNode.Parse("""{"a":{"c":3},"l":[9],"gone":null}""")!.AsObject()).ToJsonString());

    private static IEnumerable<string> Check(string schema, string value) =>
        new ValuesSchema(JsonNode.Parse(schema) as JsonObject ?? []).Check(JsonNode.Parse(value))
            .Select(problem => $"{string.Join('.', problem.Path)} {problem.Rule}: {problem.Message}".Trim());
}
