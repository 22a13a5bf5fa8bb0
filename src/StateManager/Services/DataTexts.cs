using System.Text;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Services;

/// <summary>What the keys of a ConfigMap or a Secret say, by name. Pure.</summary>
internal static class DataTexts
{
    /// <param name="source">A ConfigMap or a Secret.</param>
    /// <param name="kind">Which of the two.</param>
    public static IEnumerable<(string Key, string Text)> Of(DynamicObject source, string kind)
    {
        var isSecret = kind == CoreKinds.Secrets.Kind;
        foreach (var (key, value) in (source.At("data") as JsonObject ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            yield return (key, isSecret ? Encoding.UTF8.GetString(Convert.FromBase64String((string?)value ?? "")) : (string?)value ?? "");
    }
}
