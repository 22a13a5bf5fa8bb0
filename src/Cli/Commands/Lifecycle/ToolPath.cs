namespace Fleet.Cli.Commands.Lifecycle;

/// <summary>The launcher fetches kubectl and helm where they are missing; whoever follows the tour needs them on the PATH.</summary>
internal static class ToolPath
{
    /// <summary>At most one line to type; none when both are found on the PATH.</summary>
    public static IEnumerable<string> Exports()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var folders = new (string Tool, string Variable)[] { ("kubectl", "FLEET_KUBECTL"), ("helm", "FLEET_HELM") }
            .Where(tool => !path.Any(folder => File.Exists(Path.Combine(folder, tool.Tool))))
            .Select(tool => Environment.GetEnvironmentVariable(tool.Variable))
            .Where(found => !string.IsNullOrEmpty(found))
            .Select(found => Path.GetDirectoryName(found)!)
            .Distinct()
            .ToList();
        return folders.Count == 0 ? [] : [$"export PATH={string.Join(':', folders)}:$PATH"];
    }
}
