using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Schemas;

/// <summary>The 422 answer to an object whose fields are refused.</summary>
public static class InvalidObject
{
    /// <summary>The exception with upstream's message and one cause per error.</summary>
    public static KubeApiException Exception(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        var messages = errors.Select(e => e.Message).Distinct(StringComparer.Ordinal).ToArray();
        var text = messages.Length == 1 ? messages[0] : $"[{string.Join(", ", messages)}]";
        return new KubeApiException(422, "Invalid", $"{qualified} \"{name}\" is invalid: {text}",
            new ApiStatusDetails(name, group, kind, [.. errors.Select(e => e.ToCause())], null));
    }
}
