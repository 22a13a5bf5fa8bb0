namespace Fleet.Sources.Artifacts;

/// <summary>
/// Which files of a source belong to its artifact, as flux decides it: the last line that matches wins; what version control systems keep is always left
/// out; the defaults (pictures, archives, settings of CI systems) count only where neither the source nor its spec says anything. Pure.
/// </summary>
internal sealed class IgnoreRules
{
    public const string FileName = ".sourceignore";

    private static readonly string[] VersionControl = [".git/", ".gitignore", ".gitmodules", ".gitattributes"];

    private static readonly string[] Defaults =
    [
        "*.jpg", "*.jpeg", "*.gif", "*.png", "*.wmv", "*.flv", "*.tar.gz", "*.zip",
        ".github/", ".circleci/", ".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml", "cloudbuild.yaml", "codeship-services.yml", "codeship-steps.yml",
        "**/.goreleaser.yml", "**/.sops.yaml", "**/.flux.yaml",
    ];

    private readonly IReadOnlyList<IgnorePattern> _patterns;

    private IgnoreRules(IReadOnlyList<IgnorePattern> patterns) => _patterns = patterns;

    /// <param name="files">The <c>.sourceignore</c> files of the source: folder (empty for the root) and text.</param>
    /// <param name="ofSpec"><c>spec.ignore</c>; comes last, so it decides.</param>
    public static IgnoreRules Of(IEnumerable<(string Folder, string Text)> files, string? ofSpec)
    {
        // A folder's file comes after its parent's.
        var own = files.OrderBy(file => file.Folder.Length == 0 ? 0 : file.Folder.Count(c => c == '/') + 1).ThenBy(file => file.Folder, StringComparer.Ordinal)
            .SelectMany(file => Parse(file.Text, file.Folder))
            .Concat(ofSpec is null ? [] : Parse(ofSpec, ""))
            .ToList();
        return new([.. VersionControl.Concat(own.Count == 0 ? Defaults : []).Select(line => IgnorePattern.Parse(line, "")!), .. own]);
    }

    public bool Keeps(string path)
    {
        for (var i = _patterns.Count - 1; i >= 0; i--)
            if (_patterns[i].Matches(path)) return _patterns[i].Includes;
        return true;
    }

    private static IEnumerable<IgnorePattern> Parse(string text, string folder) =>
        text.Split('\n').Select(line => IgnorePattern.Parse(line, folder)).OfType<IgnorePattern>();
}
