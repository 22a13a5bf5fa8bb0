using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Packaging.Tests.Docs;

/// <summary>docs/reference/kinds.md from deploy/crds.</summary>
internal static class KindsPage
{
    /// <summary>Deeper fields are those of other projects' objects.</summary>
    private const int Depth = 5;

    public static string Text()
    {
        var page = new StringBuilder("""
            # Kinds and their fields

            Made from `deploy/crds`; what the kinds are for, and what becomes of them, is in [docs/spec](../spec/README.md). `kubectl explain` tells the same, and all levels. `!`: must be given.


            """);
        var definitions = Directory.GetFiles(Repository.Path("deploy", "crds"), "*.yaml").Order(StringComparer.Ordinal).Select(file => KubernetesYaml.ReadAll(File.ReadAllText(file)).Single()).ToList();
        foreach (var definition in definitions)
            Write(page, definition["spec"]!);
        return page.ToString();
    }

    private static void Write(StringBuilder page, JsonNode definition)
    {
        var names = definition["names"]!;
        var versions = definition["versions"]!.AsArray();
        var stored = versions.Single(version => (bool)version!["storage"]!)!;
        page.Append("## ").Append(names["kind"]).Append('\n').Append('\n').Append('`').Append(definition["group"]).Append('/').Append(stored["name"]).Append("`, ")
            .Append((string?)definition["scope"] == "Cluster" ? "of the whole cluster" : "in a namespace");
        if (names["shortNames"] is JsonArray { Count: > 0 } shorts)
            page.Append(", short ").AppendJoin(", ", shorts.Select(name => $"`{name}`"));
        page.Append("\n\n");
        var schema = stored["schema"]!["openAPIV3Schema"]!;
        if ((string?)schema["description"] is { } about)
            page.Append(Line(about)).Append("\n\n");
        page.Append("| field | type | |\n|---|---|---|\n");
        if (schema["properties"]?["spec"] is { } spec)
            Fields(page, spec, "spec", 1);
        page.Append('\n');
    }

    private static void Fields(StringBuilder page, JsonNode schema, string path, int depth)
    {
        var required = (schema["required"] as JsonArray ?? []).Select(name => (string)name!).ToHashSet();
        foreach (var (name, field) in schema["properties"] as JsonObject ?? [])
        {
            var item = field!["items"] ?? field;
            var here = $"{path}.{name}{(field["items"] is null ? "" : "[]")}";
            page.Append("| `").Append(here).Append('`').Append(required.Contains(name) ? " !" : "").Append(" | ").Append(Type(field)).Append(" | ").Append(Line((string?)field["description"] ?? "")).Append(" |\n");
            if (depth < Depth)
                Fields(page, item, here, depth + 1);
        }
    }

    private static string Type(JsonNode field)
    {
        if (field["enum"] is JsonArray choices)
            return string.Join(", ", choices.Select(choice => $"`{choice}`"));
        if ((bool?)field["x-kubernetes-int-or-string"] == true)
            return "integer or string";
        var type = (string?)field["type"] ?? "any";
        return field["items"] is { } item ? $"list of {(string?)item["type"] ?? "any"}" : field["additionalProperties"] is not null ? "map" : type;
    }

    /// <summary>A cell of a table has one line.</summary>
    private static string Line(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Trim();
}
