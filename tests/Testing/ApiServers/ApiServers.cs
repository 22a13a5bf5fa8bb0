namespace Fleet.Testing.ApiServers;

/// <summary>The API servers that every contract test runs on.</summary>
public static class ApiServers
{
    /// <summary>The names for test data: a row per server.</summary>
    public static IReadOnlyList<string> Names => ["kube-apiserver", "embedded"];

    /// <summary>The embedded server for what only newer servers than the real one do.</summary>
    public const string NewerName = "embedded (alone)";

    /// <summary>The shared server of a name (also <see cref="NewerName"/> and <see cref="SimulatedCluster.ServerName"/>), started at the first call.</summary>
    public static async Task<IApiServerFixture> SharedAsync(string name) => name switch
    {
        "kube-apiserver" => await RealApiServer.SharedAsync(),
        "embedded" => await EmbeddedApiServer.SharedAsync(),
        NewerName => await EmbeddedApiServer.SecondAsync(),
        SimulatedCluster.ServerName => await SimulatedCluster.SharedAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such API server"),
    };
}
