using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Tests.Schemas;

public sealed class SchemaValidationTests
{
    /// <summary>Schema of spec, spec, the errors expected (separated by |).</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { """{"type":"object","required":["template"],"properties":{"template":{"type":"string"}}}""", "{}", "spec.template: Required value" },
        { """{"type":"object","properties":{"x":{"type":"string","enum":["b","c"]}}}""", """{"x":"a"}""", "spec.x: Unsupported value: \"a\": supported values: \"b\", \"c\"" },
        { """{"type":"object","properties":{"x":{"type":"integer"}}}""", """{"x":"a"}""", "spec.x: Invalid value: \"string\": spec.x in body must be of type integer: \"string\"" },
        { """{"type":"object","properties":{"x":{"type":"integer"}}}""", """{"x":1.5}""", "spec.x: Invalid value: \"number\": spec.x in body must be of type integer: \"number\"" },
        { """{"type":"object","properties":{"x":{"type":"integer"}}}""", """{"x":1.0}""", "" },
        { """{"type":"object","properties":{"x":{"type":"number"}}}""", """{"x":1}""", "" },
        { """{"type":"object","properties":{"x":{"type":"object"}}}""", """{"x":[]}""", "spec.x: Invalid value: \"array\": spec.x in body must be of type object: \"array\"" },
        { """{"type":"object","properties":{"x":{"type":"string"}}}""", """{"x":null}""", "spec.x: Invalid value: \"null\": spec.x in body must be of type string: \"null\"" },
        { """{"type":"object","properties":{"x":{"type":"string","nullable":true}}}""", """{"x":null}""", "" },
        { """{"type":"object","properties":{"x":{"type":"string","minLength":3}}}""", """{"x":"ab"}""", "spec.x: Invalid value: \"ab\": spec.x in body should be at least 3 chars long" },
        { """{"type":"object","properties":{"x":{"type":"string","maxLength":2}}}""", """{"x":"éé"}""", "" },
        { """{"type":"object","properties":{"x":{"type":"string","maxLength":1}}}""", """{"x":"ab"}""", "spec.x: Too long: may not be more than 1 byte" },
        { """{"type":"object","properties":{"x":{"type":"string","pattern":"^a+$"}}}""", """{"x":"b"}""", "spec.x: Invalid value: \"b\": spec.x in body should match '^a+$'" },
        { """{"type":"object","properties":{"x":{"type":"string","pattern":"^a+$"}}}""", """{"x":"a\n"}""", "spec.x: Invalid value: \"a\\n\": spec.x in body should match '^a+$'" },
        { """{"type":"object","properties":{"x":{"type":"integer","minimum":1,"maximum":5}}}""", """{"x":0}""", "spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1" },
        { """{"type":"object","properties":{"x":{"type":"integer","minimum":1,"maximum":5}}}""", """{"x":6}""", "spec.x: Invalid value: 6: spec.x in body should be less than or equal to 5" },
        { """{"type":"object","properties":{"x":{"type":"number","minimum":1,"exclusiveMinimum":true}}}""", """{"x":1}""", "spec.x: Invalid value: 1: spec.x in body should be greater than 1" },
        { """{"type":"object","properties":{"x":{"type":"integer","multipleOf":2}}}""", """{"x":3}""", "spec.x: Invalid value: 3: spec.x in body should be a multiple of 2" },
        { """{"type":"object","properties":{"x":{"type":"array","maxItems":1,"items":{"type":"integer"}}}}""", """{"x":[1,2]}""", "spec.x: Too many: 2: must have at most 1 item" },
        { """{"type":"object","properties":{"x":{"type":"array","minItems":1,"items":{"type":"integer"}}}}""", """{"x":[]}""", "spec.x: Invalid value: 0: spec.x in body should have at least 1 items" },
        { """{"type":"object","properties":{"x":{"type":"array","items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"}}}}}}""", """{"x":[{"name":"a"},{}]}""", "spec.x[1].name: Required value" },
        { """{"type":"object","properties":{"x":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}}}""", """{"x":["a","b","a"]}""", "spec.x[2]: Duplicate value: \"a\"" },
        { """{"type":"object","properties":{"x":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["n"],"items":{"type":"object","properties":{"n":{"type":"string"},"v":{"type":"integer"}}}}}}""", """{"x":[{"n":"a","v":1},{"n":"a","v":2}]}""", "spec.x[1]: Duplicate value: {\"n\":\"a\"}" },
        { """{"type":"object","additionalProperties":{"type":"integer"}}""", """{"k":"v"}""", "spec.k: Invalid value: \"string\": spec.k in body must be of type integer: \"string\"" },
        { """{"type":"object","minProperties":1}""", "{}", "spec: Invalid value: 0: spec in body should have at least 1 properties" },
        { """{"type":"object","properties":{"x":{"x-kubernetes-int-or-string":true}}}""", """{"x":true}""", "spec.x: Invalid value: \"boolean\": spec.x in body must be of type integer,string: \"boolean\"" },
        { """{"type":"object","properties":{"x":{"x-kubernetes-int-or-string":true},"y":{"x-kubernetes-int-or-string":true}}}""", """{"x":"50%","y":1}""", "" },
        { """{"type":"object","properties":{"x":{"type":"string","format":"date-time"}}}""", """{"x":"now"}""", "spec.x: Invalid value: \"now\": spec.x in body must be of type date-time: \"now\"" },
        { """{"type":"object","properties":{"x":{"type":"string","format":"ipv4"},"y":{"type":"string","format":"uuid"},"z":{"type":"string","format":"whatever"}}}""", """{"x":"1.2.3.4","y":"6fa459ea-ee8a-3ca4-894e-db77e160355e","z":"?"}""", "" },
        { """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"oneOf":[{"required":["a"]},{"required":["b"]}]}""", """{"a":"1","b":"2"}""", "spec: Invalid value: \"\": \"spec\" must validate one and only one schema (oneOf). Found 2 valid alternatives" },
        { """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}""", "{}", "spec.a: Required value|spec: Invalid value: \"\": \"spec\" must validate at least one schema (anyOf)" },
        { """{"type":"object","properties":{"a":{"type":"string"}},"not":{"required":["a"]}}""", """{"a":"1"}""", "spec: Invalid value: \"\": \"spec\" must not validate the schema (not)" },
        { """{"type":"object","properties":{"a":{"type":"integer"}},"allOf":[{"properties":{"a":{"minimum":3}}}]}""", """{"a":1}""", "spec.a: Invalid value: 1: spec.a in body should be greater than or equal to 3|spec: Invalid value: \"\": \"spec\" must validate all the schemas (allOf)" },
        { """{"type":"object","properties":{"x":{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}}}""", """{"x":{"kind":"A"}}""", "spec.x.apiVersion: Required value: must not be empty" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_are_refused_in_upstreams_words(string schema, string spec, string expected) =>
        Assert.Equal(expected, string.Join('|', SchemaValidation.Validate(Widget(spec), null, OfSpec(schema))));

    /// <summary>Schema of spec, old spec or null, spec, errors.</summary>
    public static TheoryData<string, string?, string, string> Rules => new()
    {
        { """{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"x-kubernetes-validations":[{"rule":"self.a <= self.b","message":"a must not exceed b"}]}""", null, """{"a":2,"b":1}""", "spec: Invalid value: a must not exceed b" },
        { """{"type":"object","properties":{"a":{"type":"integer"}},"x-kubernetes-validations":[{"rule":"self.a < 2"}]}""", null, """{"a":2}""", "spec: Invalid value: failed rule: self.a < 2" },
        { """{"type":"object","properties":{"a":{"type":"integer"}},"x-kubernetes-validations":[{"rule":"self.a < 2","messageExpression":"'a is ' + string(self.a)","message":"no","reason":"FieldValueForbidden","fieldPath":".a"}]}""", null, """{"a":2}""", "spec.a: Forbidden: a is 2" },
        { """{"type":"object","properties":{"a":{"type":"integer"}},"x-kubernetes-validations":[{"rule":"self.a < 2","messageExpression":"string(1 / 0)","message":"fallback"}]}""", null, """{"a":2}""", "spec: Invalid value: fallback" },
        { """{"type":"object","properties":{"a":{"type":"string","x-kubernetes-validations":[{"rule":"self == oldSelf","message":"immutable"}]}}}""", null, """{"a":"x"}""", "" },
        { """{"type":"object","properties":{"a":{"type":"string","x-kubernetes-validations":[{"rule":"self == oldSelf","message":"immutable"}]}}}""", """{"a":"x"}""", """{"a":"y"}""", "spec.a: Invalid value: \"y\": immutable" },
        { """{"type":"object","properties":{"a":{"type":"string","x-kubernetes-validations":[{"rule":"self == oldSelf","message":"immutable"}]}}}""", "{}", """{"a":"y"}""", "" },
        { """{"type":"object","properties":{"l":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["n"],"items":{"type":"object","properties":{"n":{"type":"string"},"v":{"type":"integer"}},"x-kubernetes-validations":[{"rule":"self.v >= oldSelf.v","message":"shrinks"}]}}}}""", """{"l":[{"n":"a","v":1},{"n":"b","v":5}]}""", """{"l":[{"n":"b","v":4},{"n":"c","v":0},{"n":"a","v":2}]}""", "spec.l[0]: Invalid value: shrinks" },
        { """{"type":"object","properties":{"a":{"type":"integer"}},"x-kubernetes-validations":[{"rule":"self.a < 2","message":"m"}]}""", null, "{}", "spec: Invalid value: \"object\": no such key: a evaluating rule: m" },
        { """{"type":"object","properties":{"a-b":{"type":"integer"},"namespace":{"type":"string"},"t":{"type":"string","format":"date-time"},"n":{"type":"number"}},"x-kubernetes-validations":[{"rule":"self.a__dash__b == 1 && self.__namespace__ == 'x' && self.t > timestamp('2020-01-01T00:00:00Z') && self.n == 1.0 && type(self.n) == double"}]}""", null, """{"a-b":1,"namespace":"x","t":"2024-01-01T00:00:00Z","n":1}""", "" },
        { """{"type":"object","additionalProperties":{"type":"string"},"x-kubernetes-validations":[{"rule":"self.all(k, k.matches('^[a-z]+$') && self[k] != '')","message":"keys"}]}""", null, """{"A":"x"}""", "spec: Invalid value: keys" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rules_are_evaluated(string schema, string? old, string spec, string expected) =>
        Assert.Equal(expected, string.Join('|', SchemaValidation.Validate(Widget(spec), old is null ? null : Widget(old), OfSpec(schema))));

    [Fact]
    public void Rules_over_values_of_a_wrong_shape_are_not_evaluated_and_that_is_said()
    {
        const string Ruled = """{"type":"object","required":["b"],"properties":{"a":{"type":"integer","minimum":3},"b":{"type":"string"}},"x-kubernetes-validations":[{"rule":"self.a == 7","message":"seven"}]}""";

        Assert.Equal(
            ["spec.b: Required value", "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"],
            SchemaValidation.Validate(Widget("""{"a":7}"""), null, OfSpec(Ruled)).Select(error => error.Message));
        Assert.Equal(
            ["spec.a: Invalid value: 1: spec.a in body should be greater than or equal to 3", "spec: Invalid value: seven"],
            SchemaValidation.Validate(Widget("""{"a":1,"b":""}"""), null, OfSpec(Ruled)).Select(error => error.Message));
    }

    [Fact]
    public void Rules_at_the_root_see_the_name()
    {
        var schema = SchemaReader.Read((JsonObject)JsonNode.Parse("""{"type":"object","x-kubernetes-validations":[{"rule":"self.metadata.name == 'w'","message":"name"}]}""")!);
        Assert.Empty(SchemaValidation.Validate(Widget("{}"), null, schema));
    }

    [Fact]
    public void Errors_become_a_422_with_causes()
    {
        var errors = SchemaValidation.Validate(Widget("""{"x":"a","y":1}"""), null, OfSpec("""{"type":"object","required":["z"],"properties":{"x":{"type":"integer"}}}"""));
        var refused = InvalidObject.Exception("x.io", "Widget", "w", errors);
        Assert.Equal("Widget.x.io \"w\" is invalid: [spec.z: Required value, spec.x: Invalid value: \"string\": spec.x in body must be of type integer: \"string\"]", refused.Message);
        Assert.Equal(422, refused.Code);
        Assert.Equal(["FieldValueRequired", "FieldValueTypeInvalid"], refused.Details!.Causes.Select(c => c.Type));
        Assert.Equal("spec.z", refused.Details.Causes[0].Field);
    }

    private static Schema OfSpec(string schema) => SchemaReader.Read(new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["spec"] = JsonNode.Parse(schema) },
    });

    private static JsonObject Widget(string spec) => new()
    {
        ["apiVersion"] = "x.io/v1",
        ["kind"] = "Widget",
        ["metadata"] = new JsonObject { ["name"] = "w" },
        ["spec"] = JsonNode.Parse(spec),
    };
}
