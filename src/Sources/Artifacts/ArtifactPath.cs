namespace Fleet.Sources.Artifacts;

/// <summary>Names from foreign archives and buckets as paths below a folder. Pure.</summary>
internal static class ArtifactPath
{
    private const int MaxLength = 1024;

    /// <summary>With <c>/</c> between its parts. Throws <see cref="InvalidDataException"/> when the name could mean anything outside of the folder.</summary>
    public static string Of(string name)
    {
        if (name.Length is 0 or > MaxLength || name.StartsWith('/') || name.Any(c => c is '\\' or '\0' || char.IsControl(c)))
            throw new InvalidDataException($"\"{Shown(name)}\" is not a path inside the artifact.");
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        if (parts.Contains("..")) throw new InvalidDataException($"\"{Shown(name)}\" leaves the artifact.");
        return string.Join('/', parts);
    }

    /// <summary>Whether a link at <paramref name="path"/> (as <see cref="Of"/> gives it) stays inside.</summary>
    public static bool StaysInside(string path, string target)
    {
        if (target.Length == 0 || target.StartsWith('/')) return false;
        var depth = path.Count(c => c == '/');
        foreach (var part in target.Split('/'))
        {
            depth += part switch { "" or "." => 0, ".." => -1, _ => 1 };
            if (depth < 0) return false;
        }
        return true;
    }

    public static string Shown(string name)
    {
        var plain = new string([.. name.Take(120).Select(c => char.IsControl(c) ? '?' : c)]);
        return name.Length <= 120 ? plain : plain + "…";
    }
}
