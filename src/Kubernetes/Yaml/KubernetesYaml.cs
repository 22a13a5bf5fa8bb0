using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Kubernetes.Yaml;

/// <summary>
/// YAML as kubectl and Helm understand it. Quoted scalars stay strings; unquoted <c>yes</c>, <c>on</c>, <c>y</c> and their opposites are booleans, as Go's
/// YAML library has it. Input is bounded in size, depth and alias expansion. Every failure is a <see cref="KubernetesYamlException"/>.
/// </summary>
public static class KubernetesYaml
{
    /// <summary>Every document that is not empty; one that is not a mapping is an error. JSON, also several objects in a row, is read as well.</summary>
    public static IEnumerable<JsonObject> ReadAll(string text) => ReadAll(text, YamlReadOptions.Default);

    /// <inheritdoc cref="ReadAll(string)"/>
    public static IEnumerable<JsonObject> ReadAll(string text, YamlReadOptions options)
    {
        Check(text, options);
        if (TryReadJson(text, options) is { } json)
            return json;
        var objects = new List<JsonObject>();
        var reader = new YamlDocumentReader(text, options);
        while (reader.TryReadDocument(out var root))
        {
            if (root is JsonObject document)
                objects.Add(document);
            else if (root is not null)
                throw new KubernetesYamlException("a manifest must be a mapping (apiVersion, kind, metadata, …)", reader.Document, reader.Start.Line, reader.Start.Column);
        }

        return objects;
    }

    /// <summary>The first document; null when it is empty. A second document is an error.</summary>
    public static JsonNode? Parse(string text) => Parse(text, YamlReadOptions.Default);

    /// <inheritdoc cref="Parse(string)"/>
    public static JsonNode? Parse(string text, YamlReadOptions options)
    {
        Check(text, options);
        if (TryReadJson(text, options) is [var only])
            return only;
        var reader = new YamlDocumentReader(text, options);
        if (!reader.TryReadDocument(out var root))
            return null;
        while (reader.TryReadDocument(out var more))
        {
            if (more is not null)
                throw new KubernetesYamlException("only one document is expected here", reader.Document, reader.Start.Line, reader.Start.Column);
        }

        return root;
    }

    /// <summary>Block style, keys in the order of the object, ends with a newline. Reading the result gives the same JSON.</summary>
    public static string Write(JsonNode? node) => YamlDocumentWriter.Write(node);

    /// <summary>Several documents with <c>---</c> between them.</summary>
    public static string WriteAll(IEnumerable<JsonNode> documents) => string.Join("---\n", documents.Select(Write));

    private static void Check(string text, YamlReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > options.MaxCharacters)
            throw new KubernetesYamlException($"larger than {options.MaxCharacters} characters", 1, 1, 1);
    }

    /// <summary>Null when the text is not JSON: flow mappings of YAML begin with a brace as well.</summary>
    private static List<JsonObject>? TryReadJson(string text, YamlReadOptions options)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
            return null;
        var objects = new List<JsonObject>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new() { AllowMultipleValues = true, MaxDepth = options.MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.StartObject || JsonNode.Parse(ref reader) is not JsonObject document)
                    return null;
                // Nodes are made lazily and find keys that stand twice only when looked at; the YAML reader then decides about them.
                Visit(document);
                objects.Add(document);
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }

        return objects;
    }

    private static void Visit(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (_, value) in map)
                    Visit(value);
                break;
            case JsonArray list:
                foreach (var item in list)
                    Visit(item);
                break;
        }
    }
}
