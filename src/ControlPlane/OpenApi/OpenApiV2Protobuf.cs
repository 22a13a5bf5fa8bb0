using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.OpenApi;

/// <summary>
/// The v2 document in protobuf, the only form that kubectl and helm read it in: to check manifests of kinds that the server does not serve,
/// and Lists. Says what clients evaluate: types, their members and extensions, and the query parameters of the operations.
/// </summary>
internal static class OpenApiV2Protobuf
{
    public const string MediaType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    /// <summary>As clients ask for it.</summary>
    public const string AcceptedType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    private static readonly (string Method, int Field)[] s_methods = [("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("patch", 8)];

    public static byte[] Encode(JsonObject document)
    {
        var paths = new ProtobufWriter();
        foreach (var (path, item) in Members(document["paths"])) paths.Message(2, Named(path, PathItem((JsonObject)item!)));
        var definitions = new ProtobufWriter();
        foreach (var (name, schema) in Members(document["definitions"])) definitions.Message(1, Named(name, Schema((JsonObject)schema!)));
        return new ProtobufWriter()
            .Text(1, Text(document["swagger"]))
            .Message(2, new ProtobufWriter().Text(1, Text(document["info"]?["title"])).Text(2, Text(document["info"]?["version"])))
            .Message(8, paths)
            .Message(9, definitions)
            .ToArray();
    }

    private static ProtobufWriter PathItem(JsonObject item)
    {
        var writer = new ProtobufWriter();
        foreach (var (method, field) in s_methods)
        {
            if (item[method] is JsonObject operation) writer.Message(field, Operation(operation));
        }
        foreach (var parameter in Items(item["parameters"])) writer.Message(9, Parameter((JsonObject)parameter!));
        return writer;
    }

    private static ProtobufWriter Operation(JsonObject operation)
    {
        var writer = new ProtobufWriter();
        foreach (var tag in Items(operation["tags"])) writer.Text(1, Text(tag));
        foreach (var type in Items(operation["produces"])) writer.Text(6, Text(type));
        foreach (var type in Items(operation["consumes"])) writer.Text(7, Text(type));
        foreach (var parameter in Items(operation["parameters"])) writer.Message(8, Parameter((JsonObject)parameter!));
        var responses = new ProtobufWriter();
        foreach (var (code, answer) in Members(operation["responses"]))
        {
            var response = new ProtobufWriter().Text(1, Text(answer?["description"]));
            if (answer?["schema"] is JsonObject schema) response.Message(2, new ProtobufWriter().Message(1, Schema(schema)));
            responses.Message(1, Named(code, new ProtobufWriter().Message(1, response)));
        }
        writer.Message(9, responses);
        return Extensions(writer, operation, 13);
    }

    /// <summary>Each place of a parameter (body, query, path) is a message type of its own, inside of two envelopes.</summary>
    private static ProtobufWriter Parameter(JsonObject parameter)
    {
        var required = parameter["required"]?.GetValue<bool>() ?? false;
        if (Text(parameter["in"]) == "body")
        {
            var body = new ProtobufWriter().Text(2, Text(parameter["name"])).Text(3, "body").Flag(4, required)
                .Message(5, parameter["schema"] is JsonObject schema ? Schema(schema) : null);
            return new ProtobufWriter().Message(1, new ProtobufWriter().Message(1, body));
        }
        var isPath = Text(parameter["in"]) == "path";
        var other = new ProtobufWriter().Flag(1, required).Text(2, Text(parameter["in"])).Text(3, Text(parameter["description"]))
            .Text(4, Text(parameter["name"])).Text(isPath ? 5 : 6, Text(parameter["type"]));
        return new ProtobufWriter().Message(1, new ProtobufWriter().Message(2, new ProtobufWriter().Message(isPath ? 4 : 3, other)));
    }

    private static ProtobufWriter Schema(JsonObject schema)
    {
        var writer = new ProtobufWriter().Text(1, Text(schema["$ref"])).Text(2, Text(schema["format"])).Text(4, Text(schema["description"]));
        if (schema["default"] is { } value) writer.Message(5, Any(value));
        foreach (var name in Items(schema["required"])) writer.Text(19, Text(name));
        foreach (var allowed in Items(schema["enum"])) writer.Message(20, Any(allowed));
        if (schema["additionalProperties"] is JsonObject values) writer.Message(21, new ProtobufWriter().Message(1, Schema(values)));
        else if (schema["additionalProperties"] is JsonValue open) writer.Message(21, new ProtobufWriter().Flag(2, open.GetValue<bool>()));
        if (Text(schema["type"]) is { } type) writer.Message(22, new ProtobufWriter().Text(1, type));
        if (schema["items"] is JsonObject items) writer.Message(23, new ProtobufWriter().Message(1, Schema(items)));
        if (schema["properties"] is JsonObject { Count: > 0 } members)
        {
            var properties = new ProtobufWriter();
            foreach (var (name, member) in members) properties.Message(1, Named(name, Schema((JsonObject)member!)));
            writer.Message(25, properties);
        }
        return Extensions(writer, schema, 31);
    }

    private static ProtobufWriter Extensions(ProtobufWriter writer, JsonObject from, int field)
    {
        foreach (var (name, value) in from)
        {
            if (name.StartsWith("x-", StringComparison.Ordinal)) writer.Message(field, Named(name, Any(value)));
        }
        return writer;
    }

    private static ProtobufWriter Named(string name, ProtobufWriter value) => new ProtobufWriter().Text(1, name).Message(2, value);

    /// <summary>A value of any kind travels as YAML, and JSON is YAML.</summary>
    private static ProtobufWriter Any(JsonNode? value) => new ProtobufWriter().Text(2, (value?.ToJsonString() ?? "null") + "\n");

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonArray Items(JsonNode? node) => node as JsonArray ?? [];

    private static JsonObject Members(JsonNode? node) => node as JsonObject ?? [];
}
