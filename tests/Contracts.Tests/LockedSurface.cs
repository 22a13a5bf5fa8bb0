using System.Reflection;
using Fleet.Contracts.CustomResourceDefinitions;

namespace Fleet.Contracts.Tests;

/// <summary>Every public member of the contracts, one a line.</summary>
internal static class LockedSurface
{
    public static string Text() => string.Concat(Lines().Select(line => line + "\n"));

    private static IEnumerable<string> Lines() =>
        from type in typeof(FleetApi).Assembly.GetExportedTypes()
        where !typeof(System.Text.Json.Serialization.JsonSerializerContext).IsAssignableFrom(type)
        orderby type.FullName
        from line in LinesOf(type)
        select line;

    private static IEnumerable<string> LinesOf(Type type)
    {
        yield return type.FullName!;
        if (type.IsEnum)
        {
            foreach (var name in Enum.GetNames(type))
                yield return $"  {name}";
            yield break;
        }
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var field in type.GetFields(Own).Where(field => field.IsLiteral).OrderBy(field => field.Name, StringComparer.Ordinal))
            yield return $"  const {field.Name} = {field.GetRawConstantValue()}";
        foreach (var property in type.GetProperties(Own).OrderBy(property => property.Name, StringComparer.Ordinal))
            yield return $"  {Name(property.PropertyType)} {property.Name}{WireNameOf(property)}{ValueOf(property)}";
        foreach (var method in type.GetMethods(Own).Where(IsOwn).OrderBy(method => method.ToString(), StringComparer.Ordinal))
            yield return $"  {Name(method.ReturnType)} {method.Name}({string.Join(", ", method.GetParameters().Select(p => Name(p.ParameterType)))})";
    }

    private static bool IsOwn(MethodInfo method) =>
        !method.IsSpecialName && !method.Name.StartsWith('<')
        && method.Name is not ("ToString" or "Equals" or "GetHashCode" or "Deconstruct" or "GetEnumerator");

    private static string WireNameOf(PropertyInfo property) =>
        property.CanWrite && property.GetMethod is { IsStatic: false } ? $" as {StructuralSchema.WireName(property)}" : "";

    // Condition types and reasons are values that other programs wait for.
    private static string ValueOf(PropertyInfo property) =>
        property.GetMethod is { IsStatic: true } && property.PropertyType.Namespace == "Fleet.Contracts.Conditions" && property.PropertyType.IsValueType
            ? $" = {property.GetValue(null)}" : "";

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Name(inner) + "?"
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GenericTypeArguments.Select(Name))}>"
        : type.Name;
}
