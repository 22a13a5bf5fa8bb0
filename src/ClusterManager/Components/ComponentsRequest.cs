using Fleet.Contracts.Components;

namespace Fleet.ClusterManager.Components;

/// <summary>What a Management or Region wants of the engine.</summary>
internal sealed record ComponentsRequest
{
    public required ComponentTarget Target { get; init; }

    /// <summary>In the order in which they are installed.</summary>
    public required IReadOnlyList<WantedComponent> Wanted { get; init; }

    /// <summary>Why nothing is to be installed, changed or removed now: then it is only told how things are. Null when work may go on.</summary>
    public string? HeldBy { get; init; }

    /// <summary>Clusters that need a Cluster API provider, by its name: what they need is not removed.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Users { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Status as it was.</summary>
    public ComponentsStatus? Seen { get; init; }
}
