using System.Text;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Tests.Schemas;

public sealed class StructuralSchemaTests
{
    /// <summary>Schema, value, value after defaulting.</summary>
    public static TheoryData<string, string, string> Defaults => new()
    {
        { """{"properties":{"a":{"type":"integer","default":1}}}""", "{}", """{"a":1}""" },
        { """{"properties":{"a":{"type":"integer","default":1}}}""", """{"a":2}""", """{"a":2}""" },
        { """{"properties":{"a":{"type":"object","default":{},"properties":{"b":{"type":"string","default":"x"}}}}}""", "{}", """{"a":{"b":"x"}}""" },
        { """{"properties":{"a":{"type":"object","properties":{"b":{"type":"string","default":"x"}}}}}""", "{}", "{}" },
        { """{"properties":{"a":{"type":"integer","default":1}}}""", """{"a":null}""", """{"a":1}""" },
        { """{"properties":{"a":{"type":"integer","default":1,"nullable":true},"b":{"type":"string"}}}""", """{"a":null,"b":null}""", """{"a":null}""" },
        { """{"properties":{"a":{"type":"array","items":{"type":"object","properties":{"b":{"type":"integer","default":1}}}}}}""", """{"a":[{},{"b":2}]}""", """{"a":[{"b":1},{"b":2}]}""" },
        { """{"properties":{"a":{"type":"object","additionalProperties":{"type":"object","properties":{"b":{"type":"integer","default":1}}}}}}""", """{"a":{"k":{}}}""", """{"a":{"k":{"b":1}}}""" },
    };

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Defaults_are_filled_in(string schema, string value, string expected)
    {
        var actual = Parse(value);
        SchemaDefaulting.Apply(actual, Read(schema));
        Same(expected, actual);
    }

    /// <summary>Schema, value, value after pruning, paths removed.</summary>
    public static TheoryData<string, string, string, string> Prunings => new()
    {
        { """{"properties":{"a":{"type":"object"}}}""", """{"a":{"b":1},"c":1}""", """{"a":{}}""", "a.b,c" },
        { """{"properties":{"a":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"k":{"type":"object"}}}}}""", """{"a":{"b":{"c":1},"k":{"x":1}}}""", """{"a":{"b":{"c":1},"k":{}}}""", "a.k.x" },
        { """{"properties":{"a":{"type":"array","items":{"type":"object","properties":{"b":{"type":"string"}}}}}}""", """{"a":[{"b":"1","c":2}]}""", """{"a":[{"b":"1"}]}""", "a[0].c" },
        { """{"properties":{"a":{"type":"object","additionalProperties":{"type":"string"}}}}""", """{"a":{"k":"v"}}""", """{"a":{"k":"v"}}""", "" },
        { """{"properties":{"a":{"type":"object","additionalProperties":true}}}""", """{"a":{"k":{"v":1}}}""", """{"a":{"k":{"v":1}}}""", "" },
        { """{"properties":{"a":{"type":"object","x-kubernetes-embedded-resource":true,"properties":{"spec":{"type":"object"}}}}}""", """{"a":{"apiVersion":"v1","kind":"X","metadata":{"name":"n","bad":1},"spec":{"y":1},"z":1}}""", """{"a":{"apiVersion":"v1","kind":"X","metadata":{"name":"n"},"spec":{}}}""", "a.metadata.bad,a.spec.y,a.z" },
        { """{"x-kubernetes-preserve-unknown-fields":true}""", """{"anything":{"goes":1}}""", """{"anything":{"goes":1}}""", "" },
    };

    [Theory]
    [MemberData(nameof(Prunings))]
    public void Unknown_fields_are_pruned(string schema, string value, string expected, string removed)
    {
        var actual = Parse(value);
        Assert.Equal(removed, string.Join(',', SchemaPruning.FindUnknown(actual, Read(schema))));
        Same(value, actual);
        Assert.Equal(removed, string.Join(',', SchemaPruning.Prune(actual, Read(schema))));
        Same(expected, actual);
    }

    /// <summary>Schema, and the first error; empty for none.</summary>
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""", "")]
    [InlineData("""{"properties":{}}""", "s.type: Required value: must not be empty at the root")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "s.type: Invalid value: \"array\": must be object at the root")]
    [InlineData("""{"type":"object","properties":{"a":{}}}""", "s.properties[a].type: Required value: must not be empty for specified object fields")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{}}}}""", "s.properties[a].items.type: Required value: must not be empty for specified array items")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array"}}}""", "s.properties[a].items: Required value: must be specified")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"string"}}""", "s.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/x","type":"string"}}}""", "s.properties[a].$ref: Forbidden: $ref is not supported")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"("}}}""", "s.properties[a].pattern: Invalid value: \"(\": must be a valid regular expression")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer","default":"x"}}}""", "s.properties[a].default: Invalid value: \"string\"")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","x-kubernetes-list-type":"map","items":{"type":"object"}}}}""", "s.properties[a].x-kubernetes-list-map-keys: Required value")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","properties":{"k":{"type":"string"}}}}}}""", "s.properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"anyOf":[{"properties":{"b":{}}}]}""", "s.properties[b]: Required value: because it is defined in s.anyOf[0].properties[b]")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"oneOf":[{"type":"object"}]}""", "s.oneOf[0].type: Forbidden: must be empty to be structural")]
    [InlineData("""{"type":"object","properties":{"a":{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]}}}""", "")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-kubernetes-validations":[{"rule":"self == 'x'"}]}}}""", "")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"string"}},"x-kubernetes-validations":[{"rule":"self.c == 'x'"}]}}}""", "s.properties[a].x-kubernetes-validations[0].rule: Invalid value: \"self.c == 'x'\": compilation failed: ERROR: <input>:1:5: undefined field 'c'")]
    [InlineData("""{"type":"object","x-kubernetes-validations":[{"rule":" "}]}""", "s.x-kubernetes-validations[0].rule: Required value: rule is not specified")]
    public void A_schema_must_be_structural(string schema, string error)
    {
        var errors = StructuralCheck.Check(Parse(schema), "s");
        if (error.Length == 0) Assert.Empty(errors);
        else Assert.StartsWith(error, errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_version_of_a_definition_is_checked() => Assert.Equal(
        ["spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required", "spec.versions[1].schema.openAPIV3Schema.type: Required value: must not be empty at the root"],
        StructuralCheck.CheckDefinition(Parse("""{"spec":{"versions":[{"name":"v1"},{"name":"v2","schema":{"openAPIV3Schema":{}}}]}}""")).Select(e => e.Message));

    [Fact]
    public void Duplicate_keys_are_named_with_their_path() => Assert.Equal(
        ["duplicate field \"spec.a\"", "duplicate field \"spec.l[1].x\""],
        DuplicateFields.Find(Encoding.UTF8.GetBytes("""{"spec":{"a":1,"b":{"a":1},"a":2,"l":[{"x":1},{"x":1,"x":2}]}}""")));

    private static Schema Read(string schema) => SchemaReader.Read(Parse(schema));

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static void Same(string expected, JsonNode actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
}
