using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Fills in the defaults of a structural schema.</summary>
public static class SchemaDefaulting
{
    /// <summary>
    /// Changes the value in place. Nulls of fields that are not nullable are replaced by the default, or removed without one;
    /// defaults are applied to what other defaults created, too.
    /// </summary>
    public static void Apply(JsonObject value, Schema schema) => Visit(value, schema, 0);

    private static void Visit(JsonNode? node, Schema schema, int depth)
    {
        if (depth > SchemaLimits.MaxDepth) return;
        switch (node)
        {
            case JsonObject o: VisitObject(o, schema, depth); break;
            case JsonArray list when schema.Items is { } items:
                for (var i = 0; i < list.Count; i++)
                {
                    if (list[i] is null && items is { Nullable: false, Default: not null }) list[i] = items.Default.DeepClone();
                    Visit(list[i], items, depth + 1);
                }
                break;
        }
    }

    private static void VisitObject(JsonObject o, Schema schema, int depth)
    {
        foreach (var (name, property) in schema.Properties)
        {
            if (property.Default is null) continue;
            if (!o.TryGetPropertyValue(name, out var current) || current is null && !property.Nullable) o[name] = property.Default.DeepClone();
        }
        List<string>? nulls = null;
        foreach (var (name, child) in o)
        {
            if (schema.Member(name) is not { } member) continue;
            if (child is not null) Visit(child, member, depth + 1);
            else if (member is { Nullable: false, Type: not "" } or { Nullable: false, IntOrString: true }) (nulls ??= []).Add(name);
        }
        foreach (var name in nulls ?? [])
        {
            if (schema.Member(name)!.Default is { } fallback) o[name] = fallback.DeepClone();
            else o.Remove(name);
        }
    }
}

internal static class SchemaLimits
{
    /// <summary>Values nested deeper than this are refused by validation and left alone by everything else.</summary>
    public const int MaxDepth = 200;

    /// <summary>More errors than this help nobody.</summary>
    public const int MaxErrors = 100;
}
