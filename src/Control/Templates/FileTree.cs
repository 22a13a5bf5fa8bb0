using System.Text;

namespace Fleet.Control.Templates;

/// <summary>The files of a source. Paths are relative, with <c>/</c> between their parts and neither <c>.</c> nor <c>..</c> in them; the root is empty.</summary>
public abstract class FileTree
{
    /// <summary>Paths of the files below a folder, at any depth, in order.</summary>
    public abstract IReadOnlyList<string> Below(string folder);

    public abstract bool HasFile(string path);

    public virtual bool HasFolder(string path) => path.Length == 0 || Below(path).Count > 0;

    /// <summary>Null for a file that is not there.</summary>
    public abstract byte[]? Read(string path);

    public string? ReadText(string path) => Read(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>
    /// A path as somebody wrote it, seen from a folder. Null when it leads out of the tree or is none at all.
    /// </summary>
    public static string? Resolve(string folder, string path)
    {
        if (path.StartsWith('/') || path.Any(c => c is '\\' || char.IsControl(c)))
            return null;
        var parts = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count == 0)
                return null;
            else
                parts.RemoveAt(parts.Count - 1);
        }
        return string.Join('/', parts);
    }
}

/// <summary>An artifact on disk: plain files, as artifacts hold no links.</summary>
public sealed class FolderTree(string root) : FileTree
{
    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    public string Root { get; } = root;

    public override IReadOnlyList<string> Below(string folder)
    {
        var place = Path.Combine(Root, folder);
        return Directory.Exists(place)
            ? [.. Directory.EnumerateFiles(place, "*", All).Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal)]
            : [];
    }

    public override bool HasFile(string path) => File.Exists(Path.Combine(Root, path));

    public override bool HasFolder(string path) => Directory.Exists(Path.Combine(Root, path));

    public override byte[]? Read(string path) => HasFile(path) ? File.ReadAllBytes(Path.Combine(Root, path)) : null;
}

/// <summary>The keys of a ConfigMap or Secret, or a small archive out of one: never on a disk.</summary>
public sealed class MemoryTree(IReadOnlyDictionary<string, byte[]> files) : FileTree
{
    public IReadOnlyDictionary<string, byte[]> Files { get; } = files;

    public override IReadOnlyList<string> Below(string folder) =>
        [.. Files.Keys.Where(path => folder.Length == 0 || path.StartsWith(folder + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public override bool HasFile(string path) => Files.ContainsKey(path);

    public override byte[]? Read(string path) => Files.GetValueOrDefault(path);
}
