using Fleet.ClusterManager.References;

namespace Fleet.ClusterManager.DataSources;

/// <summary>What to do about a ClusterDataSource. Never printed: it holds a password.</summary>
internal sealed class ClusterDataSourcePlan
{
    /// <summary>Why nothing can be done.</summary>
    public string? Problem { get; init; }

    public string Password { get; init; } = "";

    /// <summary>A password is nowhere but in this Secret: it is written before the role gets it.</summary>
    public ClusterDocument? KineFirst { get; init; }

    public ClusterDocument? Authority { get; init; }

    /// <summary>All was well when it was last looked at, and nothing is wanted otherwise: it is enough to sign in.</summary>
    public bool IsSteady { get; init; }

    public bool MayCreate { get; init; }

    /// <summary>The servers have other addresses now: written when the database is there.</summary>
    public ClusterDocument? KineAfterwards { get; init; }

    public override string ToString() => Problem ?? "";
}
