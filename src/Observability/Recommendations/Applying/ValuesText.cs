using System.Text.Json.Nodes;
using Fleet.Helm.Values;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>The <c>values</c> of a service, which people write as text. It is written anew only where nothing of it is lost by that. Pure.</summary>
internal static class ValuesText
{
    /// <summary>Why a text can not be changed by a program; null when it can.</summary>
    public static string? WhyNot(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : text.Contains("{{", StringComparison.Ordinal) ? "its values are a template"
        : text.Split('\n').Any(line => line.TrimStart().StartsWith('#') || line.Contains(" #", StringComparison.Ordinal)) ? "its values hold comments, which writing them anew would lose"
        : text.Contains('&', StringComparison.Ordinal) && text.Contains('*', StringComparison.Ordinal) ? "its values may hold anchors, which writing them anew would lose"
        : null;

    /// <exception cref="FormatException">It is no YAML, or no map.</exception>
    public static string With(string? text, JsonObject more) =>
        KubernetesYaml.Write(ValuesMerge.Merge(string.IsNullOrWhiteSpace(text) ? [] : YamlValues.ParseObject(text), more));
}
