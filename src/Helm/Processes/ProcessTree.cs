using System.Globalization;

namespace Fleet.Helm.Processes;

/// <summary>
/// The descendants of a process, remembered before it is asked to end: once it has ended they belong to another parent and cannot be found by it any more.
/// A process is known by its id and its start time, so that a reused id is never killed.
/// </summary>
internal sealed class ProcessTree
{
    private readonly List<(int Id, string StartTime)> _descendants = [];

    public static ProcessTree Below(int root)
    {
        var children = new Dictionary<int, List<(int Id, string StartTime)>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || Read(id) is not { } stat) continue;
            if (!children.TryGetValue(stat.Parent, out var siblings)) children[stat.Parent] = siblings = [];
            siblings.Add((id, stat.StartTime));
        }
        var tree = new ProcessTree();
        var open = new Queue<int>([root]);
        while (open.TryDequeue(out var parent))
        {
            foreach (var child in children.GetValueOrDefault(parent, []))
            {
                tree._descendants.Add(child);
                open.Enqueue(child.Id);
            }
        }
        return tree;
    }

    /// <summary>Ids of the processes that have one of these folders, or one below, as their working folder. None where there is no /proc.</summary>
    public static IReadOnlyList<int> WorkingIn(IReadOnlyList<string> folders)
    {
        if (folders.Count == 0 || !Directory.Exists("/proc")) return [];
        var found = new List<int>();
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && WorkingFolder(entry) is { } place
                && folders.Any(folder => place == folder || place.StartsWith(folder + "/", StringComparison.Ordinal)))
                found.Add(id);
        return found;
    }

    private static string? WorkingFolder(string entry)
    {
        try
        {
            return new FileInfo(Path.Combine(entry, "cwd")).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended while we looked, or another user's.
            return null;
        }
    }

    public void KillSurvivors()
    {
        foreach (var (id, startTime) in _descendants)
            if (Read(id)?.StartTime == startTime) Signals.Kill(id);
    }

    // /proc/ID/stat: the name is in parentheses and may hold anything, so fields are counted from the last one. Parent is field 4, start time field 22.
    private static (int Parent, string StartTime)? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended while we looked.
            return null;
        }
    }
}
