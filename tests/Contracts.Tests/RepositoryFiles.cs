namespace Fleet.Contracts.Tests;

/// <summary>Files of the repository that tests compare with the code.</summary>
internal static class RepositoryFiles
{
    public static bool Update => Environment.GetEnvironmentVariable("FLEET_UPDATE_CRDS") == "1";

    public static string Path(params string[] parts)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "Fleet.sln")))
            folder = Directory.GetParent(folder)?.FullName ?? throw new InvalidOperationException("Fleet.sln is in no folder above the tests");
        return System.IO.Path.Combine([folder, .. parts]);
    }
}
