using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Drift;

/// <summary>When two values of a field are the same to an API server. Pure.</summary>
internal static class FieldValues
{
    /// <summary>Fields that the server or a controller fills in when the manifest leaves them empty.</summary>
    private static readonly HashSet<string> FilledIn = new(StringComparer.Ordinal) { "clusterIP", "nodePort", "healthCheckNodePort", "volumeName" };

    /// <summary>Maps that say something by being there, though they are empty.</summary>
    private static readonly HashSet<string> SaysSomethingEmpty = new(StringComparer.Ordinal) { "emptyDir", "podSelector", "namespaceSelector" };

    /// <summary>Charts put base64 of a line break where a controller is going to put its certificate.</summary>
    private const string EmptyBundle = "Cg==";

    /// <summary>Fields whose absence means something else than their empty value.</summary>
    private static readonly HashSet<string> SaysSomethingZero = new(StringComparer.Ordinal)
    {
        "allowPrivilegeEscalation", "automountServiceAccountToken", "runAsUser", "runAsGroup", "fsGroup",
    };

    /// <summary>
    /// A value that states nothing: null, and what a server leaves out of Kubernetes' own kinds because it is empty. Custom resources are kept as written.
    /// </summary>
    /// <param name="isThere">The live object has the field.</param>
    public static bool StatesNothing(GroupVersionKind type, FieldPath path, JsonNode? declared, bool isThere)
    {
        if (declared is null)
            return true;
        if (path.Name == "caBundle" && declared.ToString() is ("" or EmptyBundle))
            return true;
        if (!MergeKeys.IsKubernetesOwn(type.Group) && path.Parent?.Name != "metadata")
            return false;
        return declared switch
        {
            JsonObject { Count: 0 } when SaysSomethingEmpty.Contains(path.Name) => false,
            JsonObject map => !isThere && map.All(p => StatesNothing(type, path.Field(p.Key), p.Value, false)),
            JsonArray list => !isThere && list.Count == 0,
            _ => IsEmpty(declared) && (FilledIn.Contains(path.Name) || (!isThere && !SaysSomethingZero.Contains(path.Name))),
        };
    }

    /// <summary>Maps that select: one key more selects something else. Charts state an empty nodeSelector without meaning it.</summary>
    public static bool IsOneValue(GroupVersionKind type, FieldPath path, JsonObject declared) => MergeKeys.IsKubernetesOwn(type.Group) && path.Name switch
    {
        "podSelector" or "namespaceSelector" => true,
        "selector" or "nodeSelector" or "matchLabels" => declared.Count > 0,
        _ => false,
    };

    public static bool AreEqual(GroupVersionKind type, FieldPath path, JsonNode declared, JsonNode? live)
    {
        if (live is null)
            return false;
        if (MergeKeys.IsKubernetesOwn(type.Group) && CanonicalQuantity.IsAt(path) && live is JsonValue)
            return CanonicalQuantity.AreEqual(declared, live) || JsonNode.DeepEquals(declared, live);
        var (a, b) = (declared.GetValueKind(), live.GetValueKind());
        if (a == JsonValueKind.Number && b == JsonValueKind.Number)
            return AreEqualNumbers(declared.ToString(), live.ToString());
        if (a == JsonValueKind.String && b == JsonValueKind.String && IsBytes(type, path))
            return AreEqualBytes((string)declared!, (string)live!);
        return JsonNode.DeepEquals(declared, live);
    }

    private static bool IsEmpty(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.ToString().Length == 0,
        JsonValueKind.False => true,
        JsonValueKind.Number => AreEqualNumbers(value.ToString(), "0"),
        _ => false,
    };

    private static bool AreEqualNumbers(string a, string b) =>
        decimal.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out var left)
        && decimal.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out var right)
            ? left == right
            : a == b;

    private static bool IsBytes(GroupVersionKind type, FieldPath path) =>
        (type is { Group: "", Kind: "Secret" } && path.Parent?.Name == "data") || path.Parent?.Name == "binaryData" || path.Name == "caBundle";

    /// <summary>Manifests may break base64 into lines; servers write it in one.</summary>
    private static bool AreEqualBytes(string a, string b)
    {
        try
        {
            return a == b || Convert.FromBase64String(a).AsSpan().SequenceEqual(Convert.FromBase64String(b));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
