namespace Fleet.Cost.Allocations;

/// <summary>
/// Labels and annotations by name. OpenCost knows them as Prometheus writes them (<c>app_kubernetes_io_name</c>), Kubernetes as they are: both spellings find the same one.
/// </summary>
internal static class MetadataKeys
{
    public static bool TryGet(IReadOnlyDictionary<string, string> map, string key, out string value)
    {
        if (map.TryGetValue(key, out var exact))
        {
            value = exact;
            return true;
        }
        // Two keys that are written alike in Prometheus: the one that sorts first, so that an answer does not depend on the order of a map.
        string? found = null;
        foreach (var candidate in map.Keys)
            if (IsSame(candidate, key) && (found is null || string.CompareOrdinal(candidate, found) < 0))
                found = candidate;
        value = found is null ? "" : map[found];
        return found is not null;
    }

    /// <summary>Whether both are the same to Prometheus, which knows letters, digits and the underscore only.</summary>
    public static bool IsSame(string one, string other)
    {
        if (one.Length != other.Length)
            return false;
        for (var index = 0; index < one.Length; index++)
            if (Sanitized(one[index]) != Sanitized(other[index]))
                return false;
        return true;
    }

    public static string Sanitize(string key) => string.Create(key.Length, key, static (target, source) =>
    {
        for (var index = 0; index < source.Length; index++)
            target[index] = Sanitized(source[index]);
    });

    private static char Sanitized(char letter) => char.IsAsciiLetterOrDigit(letter) ? letter : '_';
}
