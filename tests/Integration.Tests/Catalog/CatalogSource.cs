namespace Fleet.Integration.Tests.Catalog;

/// <summary>Where the catalog and the test's cases are in the source tree.</summary>
internal static class CatalogSource
{
    private static readonly string Root = FindRoot();

    public static string Charts => Path.Combine(Root, "deploy", "catalog", "charts");
    public static string Templates => Path.Combine(Root, "deploy", "catalog", "templates");
    public static string PushScript => Path.Combine(Root, "deploy", "catalog", "push.sh");
    public static string Cases => Path.Combine(Root, "tests", "Integration.Tests", "Catalog", "Cases");

    public static IReadOnlyList<string> ChartNames => [.. Directory.EnumerateDirectories(Charts).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Fleet.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests must run inside the source tree.");
    }
}
