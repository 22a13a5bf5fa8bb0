using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Nodes;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Validation;

/// <summary>
/// Enforces what the definitions state as CEL rules (immutable fields, exactly one of several), for API servers that do not evaluate them.
/// Reports every problem, not only the first. Pure.
/// </summary>
public static class ContractRules
{
    private static readonly FrozenDictionary<(string Group, string Kind), Type> Specs = typeof(ContractRules).Assembly.GetTypes()
        .Select(type => (Type: type, Kind: type.GetCustomAttribute<KindAttribute>()))
        .Where(pair => pair.Kind is not null)
        .ToFrozenDictionary(pair => (pair.Kind!.Group, pair.Kind.Kind), pair => pair.Type);

    /// <summary>Null when Fleet has no such kind.</summary>
    public static Type? SpecOf(string group, string kind) => Specs.GetValueOrDefault((group, kind));

    /// <param name="spec">Type of the spec.</param>
    /// <param name="wanted">The spec as it is to be, after defaulting.</param>
    /// <param name="old">The spec as it is; null for a new object.</param>
    public static IReadOnlyList<FieldProblem> Check(Type spec, JsonObject wanted, JsonObject? old) => [.. OfObject(spec, "spec", wanted, old)];

    private static IEnumerable<FieldProblem> OfObject(Type type, string path, JsonObject wanted, JsonObject? old)
    {
        if (old is not null && type.GetCustomAttribute<ImmutableAttribute>() is { } immutable && !JsonNode.DeepEquals(wanted, old))
            yield return new(path, immutable.Message);
        if (type.GetCustomAttribute<ExactlyOneOfAttribute>() is { } choice)
        {
            var count = choice.Fields.Count(field => wanted[field] is not null);
            if (count != 1)
                yield return new(path, count == 0 ? choice.None : choice.Several);
        }
        if (type.GetCustomAttribute<AtMostOneOfAttribute>() is { } options && options.Fields.Count(field => wanted[field] is not null) > 1)
            yield return new(path, options.Message);
        foreach (var property in StructuralSchema.Properties(type))
        {
            var name = StructuralSchema.WireName(property);
            foreach (var problem in OfProperty(property, $"{path}.{name}", wanted[name], old?[name], old is not null))
                yield return problem;
        }
    }

    private static IEnumerable<FieldProblem> OfProperty(PropertyInfo property, string path, JsonNode? wanted, JsonNode? old, bool isUpdate)
    {
        var isSame = JsonNode.DeepEquals(wanted, old);
        if (isUpdate && !isSame && property.GetCustomAttribute<ImmutableAttribute>() is { } immutable)
            yield return new(path, immutable.Message);
        if (old is not null && !isSame && !IsEmptyText(old) && property.GetCustomAttribute<ImmutableOnceSetAttribute>() is { } once)
            yield return new(path, once.Message);
        var type = property.PropertyType;
        if (wanted is JsonObject child && IsRecord(type))
        {
            foreach (var problem in OfObject(type, path, child, old as JsonObject))
                yield return problem;
        }
        else if (wanted is JsonArray items && type.IsGenericType && IsRecord(type.GenericTypeArguments[0]))
        {
            // Items have no fields that may not change, and their places may.
            for (var index = 0; index < items.Count; index++)
                if (items[index] is JsonObject item)
                    foreach (var problem in OfObject(type.GenericTypeArguments[0], $"{path}[{index}]", item, null))
                        yield return problem;
        }
    }

    private static bool IsEmptyText(JsonNode node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0;

    private static bool IsRecord(Type type) => type.IsClass && type.Assembly == typeof(ContractRules).Assembly;
}
