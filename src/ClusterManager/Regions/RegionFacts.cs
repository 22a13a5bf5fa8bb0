using Fleet.ClusterManager.Connections;

namespace Fleet.ClusterManager.Regions;

/// <summary>Everything that decides what to say and do about a Region.</summary>
internal sealed record RegionFacts
{
    public required Region Object { get; init; }

    /// <summary>As those see it who work through it.</summary>
    public required RegionView View { get; init; }

    /// <summary>The connection of this process.</summary>
    public ClusterContact Contact { get; init; } = ClusterContact.None;

    /// <summary>To note in status: the cluster that clusters are made in; null before the first contact.</summary>
    public string? Uid { get; init; }

    public RegionUsers Users { get; init; } = RegionUsers.None;

    public bool HasFinalizer => Object.Metadata.Finalizers?.Contains(Contracts.FleetFinalizers.Region) == true;
}

/// <summary>Who needs a region. Names as <c>namespace/name</c>.</summary>
internal sealed record RegionUsers(IReadOnlyList<string> Clusters, IReadOnlyList<string> Credentials)
{
    public static RegionUsers None { get; } = new([], []);

    public bool IsEmpty => Clusters.Count == 0 && Credentials.Count == 0;
}
