using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Capi;

/// <summary>Faults of many objects in one text: the same fault is told once, with the names of those that have it. Bounded in length. Pure.</summary>
internal static class CapiFaults
{
    /// <summary>A message with more names or faults helps nobody.</summary>
    private const int MostNamed = 3;

    /// <summary>Providers put whole answers of a cloud into a message.</summary>
    internal const int LongestFault = 300;

    internal const int LongestText = 1024;

    /// <summary>Null when there are none.</summary>
    public static string? Text(IReadOnlyList<CapiPart> parts)
    {
        if (parts.Count == 0)
            return null;
        var groups = parts.GroupBy(part => (part.Kind, Message: Cut(part.Message, LongestFault)))
            .OrderByDescending(group => group.Any(part => part.IsError))
            .ToList();
        var text = string.Join("; ", groups.Take(MostNamed).Select(group => $"{group.Key.Kind} {Names(group.Select(part => part.Key))}: {group.Key.Message}"));
        return Cut(groups.Count > MostNamed ? $"{text}; and {groups.Count - MostNamed} more" : text, LongestText);
    }

    public static string Cut(string text, int longest) => text.Length <= longest ? text : text[..(longest - 1)] + "…";

    private static string Names(IEnumerable<ObjectKey> keys)
    {
        var names = keys.Select(key => key.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        var named = string.Join(", ", names.Take(MostNamed));
        return names.Count > MostNamed ? $"{named} and {names.Count - MostNamed} more" : named;
    }
}
