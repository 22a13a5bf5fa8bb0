using Fleet.Helm.Catalog;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>Where the catalog and the test's cases are in the source tree.</summary>
internal static class CatalogSource
{
    private static readonly string Root = FindRoot();

    public static string Charts => Path.Combine(Root, "deploy", "catalog", "charts");
    public static string Templates => Path.Combine(Root, "deploy", "catalog", "templates");
    /// <summary>Templates of services, most of them of other projects' charts; users apply them.</summary>
    public static string Services => Path.Combine(Root, "deploy", "catalog", "services");

    public static string Definitions => Path.Combine(Root, "deploy", "crds");
    public static string List => Path.Combine(Root, "docs", "catalog.md");
    public static string PushScript => Path.Combine(Root, "deploy", "catalog", "push.sh");
    public static string Samples => Path.Combine(Root, "deploy", "samples");
    public static string Cases => Path.Combine(Root, "tests", "Integration.Tests", "Catalog", "Cases");

    /// <summary>A chart as upstream writes them, and the library that it uses.</summary>
    public static string UpstreamShape => Path.Combine(Root, "tests", "Integration.Tests", "Catalog", "UpstreamShape");

    /// <summary>Folders of charts that users get. A folder with a version in its name holds an older version that was published already.</summary>
    public static IReadOnlyList<string> ChartFolders =>
        [.. Directory.EnumerateDirectories(Charts).Select(d => Path.GetFileName(d)!).Where(d => d is not ("cluster-parts" or "provider-parts")).Order(StringComparer.Ordinal)];

    /// <summary>Charts of Cluster API and its providers, which make no cluster.</summary>
    public static bool IsOfProvider(string folder) => folder.StartsWith("cluster-api", StringComparison.Ordinal);

    /// <summary>Charts that are installed in clusters instead of making one.</summary>
    public static bool IsService(string folder) => folder is "simple-nginx" or "web" or "job-runner" or "gadgets";

    public static Task<PackagedChart> PackAsync(string folder) => ChartPackager.PackAsync(Path.Combine(Charts, folder), TestContext.Current.CancellationToken);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Fleet.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests must run inside the source tree.");
    }
}
