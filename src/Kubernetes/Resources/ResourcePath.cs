using System.Globalization;
using System.Text;
using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Resources;

/// <summary>Paths and queries of the REST API.</summary>
internal static class ResourcePath
{
    internal static string Object(ResourceKind kind, ObjectKey key, string? subresource = null)
    {
        if (string.IsNullOrEmpty(key.Name))
            throw new ArgumentException($"a {kind.Kind} needs a name here");
        var path = $"{Collection(kind, key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return string.IsNullOrEmpty(subresource) ? path : $"{path}/{subresource}";
    }

    /// <summary>Where one object is created; unlike lists this is always inside a namespace for namespaced kinds.</summary>
    internal static string Collection(ResourceKind kind, string @namespace)
        => kind.Namespaced && string.IsNullOrEmpty(@namespace)
            ? throw new ArgumentException($"a {kind.Kind} needs a namespace here")
            : kind.CollectionPath(@namespace);

    internal static string List(ResourceKind kind, ListOptions options, int pageSize, string? next)
        => kind.CollectionPath(options.Namespace) + Query(
            ("labelSelector", options.LabelSelector),
            ("fieldSelector", options.FieldSelector),
            ("limit", Number(pageSize)),
            ("resourceVersion", next is null ? options.ExactVersion : null),
            ("resourceVersionMatch", next is null && options.ExactVersion is not null ? "Exact" : null),
            ("continue", next));

    internal static string Query(params ReadOnlySpan<(string Key, string? Value)> parameters)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
                text.Append(text.Length == 0 ? '?' : '&').Append(key).Append('=').Append(Uri.EscapeDataString(value));
        }

        return text.ToString();
    }

    internal static string? Number(long value) => value > 0 ? value.ToString(CultureInfo.InvariantCulture) : null;
}
