namespace Fleet.Testing.ApiServers;

/// <summary>The API servers that every contract test runs on.</summary>
public static class ApiServers
{
    /// <summary>The names for test data: a row per server.</summary>
    public static IReadOnlyList<string> Names => ["kube-apiserver", "embedded"];

    /// <summary>A second embedded server, for what only newer servers than the built kube-apiserver do.</summary>
    public const string SecondEmbedded = "embedded (second)";

    /// <summary>A second real server for the same, when <c>KUBEBUILDER_ASSETS</c> has one that is new enough.</summary>
    public const string SecondReal = "kube-apiserver (second)";

    /// <summary>The shared server of a name (also <see cref="SecondEmbedded"/>, <see cref="SecondReal"/> and <see cref="SimulatedCluster.ServerName"/>), started at the first call.</summary>
    public static async Task<IApiServerFixture> SharedAsync(string name) => name switch
    {
        "kube-apiserver" => await RealApiServer.SharedAsync(),
        "embedded" => await EmbeddedApiServer.SharedAsync(),
        SecondReal => await RealApiServer.SecondAsync(),
        SecondEmbedded => await EmbeddedApiServer.SecondAsync(),
        SimulatedCluster.ServerName => await SimulatedCluster.SharedAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such API server"),
    };
}
