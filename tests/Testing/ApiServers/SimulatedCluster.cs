namespace Fleet.Testing.ApiServers;

/// <summary>A simulated cluster with three nodes, behind the shared embedded server: pods run, volumes are bound, addresses are given.</summary>
public sealed class SimulatedCluster : IApiServerFixture
{
    public const string ServerName = "simulated";

    private const string Cluster = "contract";

    private static readonly Lazy<Task<SimulatedCluster>> Shared = new(StartAsync);
    private static readonly TemporaryFolder Folder = new("simulated");

    private SimulatedCluster(EmbeddedApiServer behind)
    {
        KubeconfigPath = Folder.Write("admin.kubeconfig", behind.Host.Clusters.AdminKubeconfig(Cluster));
        Server = new Uri(behind.Server, $"/clusters/{Cluster}");
        Version = behind.Version;
    }

    /// <inheritdoc />
    public string Name => ServerName;

    /// <inheritdoc />
    public string KubeconfigPath { get; }

    /// <inheritdoc />
    public Uri Server { get; }

    /// <inheritdoc />
    public string Version { get; }

    /// <inheritdoc />
    public bool IsWithoutNodes => false;

    /// <summary>One cluster for all tests of this process, started at the first call.</summary>
    public static Task<SimulatedCluster> SharedAsync() => Shared.Value;

    private static async Task<SimulatedCluster> StartAsync()
    {
        var behind = await EmbeddedApiServer.SharedAsync();
        await behind.Simulation.StartClusterAsync(Cluster, nodes: 3, CancellationToken.None);
        return new SimulatedCluster(behind);
    }
}
