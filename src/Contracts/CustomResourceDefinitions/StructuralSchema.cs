using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.CustomResourceDefinitions;

/// <summary>Turns a wire type into a structural schema. Types that it does not know are an error, never an empty schema.</summary>
internal static class StructuralSchema
{
    /// <summary>Schema of an object type; keys are in the order of the alphabet, so that the files change only with the types.</summary>
    public static JsonObject Of(Type type)
    {
        var properties = new JsonObject();
        var required = new List<string>();
        foreach (var property in Properties(type))
        {
            properties[WireName(property)] = OfProperty(property);
            if (property.IsDefined(typeof(RequiredAttribute)))
                required.Add(WireName(property));
        }
        var schema = new JsonObject();
        if (type.GetCustomAttribute<DescriptionAttribute>() is { } description)
            schema["description"] = description.Description;
        schema["properties"] = properties;
        if (required.Count > 0)
            schema["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        schema["type"] = "object";
        if (type.IsDefined(typeof(AtomicAttribute), inherit: false))
            schema["x-kubernetes-map-type"] = "atomic";
        if (type.IsDefined(typeof(KeepUnknownFieldsAttribute), inherit: false))
            schema["x-kubernetes-preserve-unknown-fields"] = true;
        AddRules(schema, RulesOf(type));
        return schema;
    }

    public static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !property.IsDefined(typeof(JsonIgnoreAttribute)))
            .OrderBy(WireName, StringComparer.Ordinal);

    public static string WireName(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static JsonObject OfProperty(PropertyInfo property)
    {
        var schema = new JsonObject();
        if (property.GetCustomAttribute<DefaultValueAttribute>() is { } byDefault)
            schema["default"] = JsonSerializer.SerializeToNode(byDefault.Value);
        if (property.GetCustomAttribute<DescriptionAttribute>() is { } description)
            schema["description"] = description.Description;
        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
            schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonSerializer.SerializeToNode(value))]);
        foreach (var (key, value) in OfType(property.PropertyType))
            if (!schema.ContainsKey(key))
                schema[key] = value?.DeepClone();
        AddBounds(schema, property);
        if (property.GetCustomAttribute<ListMapAttribute>() is { } map)
        {
            schema["x-kubernetes-list-map-keys"] = new JsonArray([.. map.Keys.Select(key => (JsonNode)key)]);
            schema["x-kubernetes-list-type"] = "map";
        }
        if (property.IsDefined(typeof(AtomicAttribute)))
            schema["x-kubernetes-list-type"] = "atomic";
        AddRules(schema, RulesOf((MemberInfo)property));
        return Sorted(schema);
    }

    private static JsonObject OfType(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(string) || type.IsEnum || type == typeof(ConditionType) || type == typeof(Reason))
            return new() { ["type"] = "string" };
        if (type == typeof(bool))
            return new() { ["type"] = "boolean" };
        if (type == typeof(int))
            return new() { ["format"] = "int32", ["type"] = "integer" };
        if (type == typeof(long))
            return new() { ["format"] = "int64", ["type"] = "integer" };
        if (type == typeof(decimal))
            return new() { ["type"] = "number" };
        if (type == typeof(DateTimeOffset))
            return new() { ["format"] = "date-time", ["type"] = "string" };
        if (type == typeof(JsonNode))
            return new() { ["x-kubernetes-preserve-unknown-fields"] = true };
        if (type == typeof(JsonObject))
            return new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
            return new() { ["items"] = OfType(type.GenericTypeArguments[0]), ["type"] = "array" };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>) && type.GenericTypeArguments[0] == typeof(string))
            return new() { ["additionalProperties"] = OfType(type.GenericTypeArguments[1]), ["type"] = "object" };
        if (type.IsClass && type.Assembly == typeof(StructuralSchema).Assembly)
            return Of(type);
        throw new NotSupportedException($"{declared} has no schema");
    }

    private static void AddBounds(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<StringLengthAttribute>() is { } length)
        {
            schema["maxLength"] = length.MaximumLength;
            if (length.MinimumLength > 0)
                schema["minLength"] = length.MinimumLength;
        }
        if (property.GetCustomAttribute<MaxLengthAttribute>() is { } most)
            schema["maxItems"] = most.Length;
        if (property.GetCustomAttribute<MinLengthAttribute>() is { } least)
            schema["minItems"] = least.Length;
        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern)
            schema["pattern"] = pattern.Pattern;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema["minimum"] = Convert.ToInt64(range.Minimum, null);
            // Attributes state longs as doubles, and 2^63 - 1 is none.
            if (range.Maximum is int maximum)
                schema["maximum"] = maximum;
        }
    }

    private static IEnumerable<RuleAttribute> RulesOf(MemberInfo member)
    {
        if (member.GetCustomAttribute<ImmutableAttribute>() is { } immutable)
            yield return new("self == oldSelf", immutable.Message);
        foreach (var rule in member.GetCustomAttributes<RuleAttribute>())
            yield return rule;
    }

    private static IEnumerable<RuleAttribute> RulesOf(Type type)
    {
        foreach (var rule in RulesOf((MemberInfo)type))
            yield return rule;
        if (type.GetCustomAttribute<ExactlyOneOfAttribute>() is { } choice)
        {
            if (choice.None == choice.Several)
                yield return new($"{HasEach(choice.Fields)}.exists_one(x, x)", choice.None);
            else
            {
                yield return new(AtMostOne(choice.Fields), choice.Several);
                yield return new($"{HasEach(choice.Fields)}.exists(x, x)", choice.None);
            }
        }
        if (type.GetCustomAttribute<AtMostOneOfAttribute>() is { } options)
            yield return new(AtMostOne(options.Fields), options.Message);
        foreach (var property in Properties(type))
            if (property.GetCustomAttribute<ImmutableOnceSetAttribute>() is { } once)
            {
                var name = WireName(property);
                var isUnset = property.PropertyType == typeof(string) ? $"!has(oldSelf.{name}) || oldSelf.{name} == ''" : $"!has(oldSelf.{name})";
                yield return new($"{isUnset} || (has(self.{name}) && self.{name} == oldSelf.{name})", once.Message);
            }
    }

    // Pair by pair: a kube-apiserver adds up what rules may cost over the longest lists that the schema allows, and refuses a definition for a filter in one.
    private static string AtMostOne(IReadOnlyList<string> fields) =>
        string.Join(" && ", fields.SelectMany((one, at) => fields.Skip(at + 1).Select(other => $"!(has(self.{one}) && has(self.{other}))")));

    private static string HasEach(IEnumerable<string> fields) => $"[{string.Join(", ", fields.Select(field => $"has(self.{field})"))}]";

    private static void AddRules(JsonObject schema, IEnumerable<RuleAttribute> rules)
    {
        var added = rules.Select(rule => (JsonNode)new JsonObject { ["message"] = rule.Message, ["rule"] = rule.Rule }).ToArray();
        if (added.Length > 0)
            schema["x-kubernetes-validations"] = schema["x-kubernetes-validations"] is JsonArray present
                ? new JsonArray([.. present.Select(rule => rule!.DeepClone()), .. added])
                : new JsonArray(added);
    }

    private static JsonObject Sorted(JsonObject schema) =>
        new(schema.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
}
