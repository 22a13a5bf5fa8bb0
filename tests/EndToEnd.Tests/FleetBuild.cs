using Fleet.Testing;

namespace Fleet.EndToEnd.Tests;

/// <summary>Programs of one version, and the chart that belongs to them.</summary>
/// <param name="ClusterManager">The program.</param>
/// <param name="StateManager">The program.</param>
/// <param name="Deploy">The folder with the chart and the definitions.</param>
internal sealed record FleetBuild(string ClusterManager, string StateManager, string Deploy)
{
    /// <summary>What the tests are of.</summary>
    public static FleetBuild Present { get; } = new(
        Path.Combine(AppContext.BaseDirectory, "Fleet.ClusterManager.dll"), Path.Combine(AppContext.BaseDirectory, "Fleet.StateManager.dll"), Path.Combine(TestLogs.RepositoryRoot, "deploy"));

    /// <summary>An earlier one: <c>FLEET_TEST_OLDER</c> names a folder with its sources, in which both programs were built. <c>tests/real/rolling-upgrade.sh</c> makes it.</summary>
    public static FleetBuild OlderOrSkip()
    {
        var folder = Environment.GetEnvironmentVariable("FLEET_TEST_OLDER");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "FLEET_TEST_OLDER names no older version beside which this one could run: tests/real/rolling-upgrade.sh builds one");
        string Program(string name) => Path.Combine(folder!, "artifacts", "bin", name, "release", $"Fleet.{name}.dll");
        var older = new FleetBuild(Program("ClusterManager"), Program("StateManager"), Path.Combine(folder!, "deploy"));
        Assert.All((string[])[older.ClusterManager, older.StateManager], program => Assert.True(File.Exists(program), $"{program} was not built"));
        return older;
    }
}
