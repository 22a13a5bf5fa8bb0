using Fleet.ClusterManager.References;

namespace Fleet.ClusterManager.DataSources;

/// <summary>What decides what to do about a ClusterDataSource. Never printed: it holds passwords.</summary>
internal sealed class ClusterDataSourceFacts
{
    public required ClusterDataSource Object { get; init; }

    /// <summary>Null when there is no such DataSource.</summary>
    public DataSource? Source { get; init; }

    /// <summary>Null while <see cref="Problem"/> says why.</summary>
    public ServerAccess? Server { get; init; }

    public string? Problem { get; init; }

    /// <summary>The Secret with the connection; null when there is none yet.</summary>
    public PresentDocument? Kine { get; init; }

    /// <summary>The Secret with the certificate authority.</summary>
    public PresentDocument? Authority { get; init; }

    public ClusterDatabase Database => ClusterDatabase.Of(Object);

    public override string ToString() => $"ClusterDataSource {Object.Metadata.Key}";
}
