using Fleet.ClusterManager.Releases;
using Fleet.Contracts.Components;
using Fleet.Helm.Charts;
using Fleet.Helm.Releases;

namespace Fleet.ClusterManager.Components;

/// <summary>A release that was made for the owner of the components, as helm's newest record of it says.</summary>
internal sealed record InstalledComponent(string Name, ReleaseName Release, ReleaseRecord Record)
{
    /// <summary>Name of the ProviderTemplate that it was made of.</summary>
    public string? Template { get; init; }

    public ComponentHealth Health { get; init; } = ComponentHealth.Healthy;

    /// <summary>Providers that its template brings; known of what is to be removed only.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];
}

/// <summary>What is known about one wanted component.</summary>
internal sealed record ComponentFacts(WantedComponent Wanted, ReleaseName Release)
{
    public ProviderTemplate? Template { get; init; }

    /// <summary>Null when the template has none, is not valid, or the chart cannot be had now; then <see cref="ChartProblem"/> may say why.</summary>
    public ChartArchive? Chart { get; init; }

    public string? ChartProblem { get; init; }

    /// <summary>Null when it is not installed.</summary>
    public InstalledComponent? Installed { get; init; }

    /// <summary>A release of that name is there and was made by somebody else.</summary>
    public bool IsForeign { get; init; }

    public IReadOnlyList<string> Providers => Template?.Status?.Providers ?? [];
}

/// <summary>Everything that decides what to do about the components of a Management or Region: all reads are done.</summary>
internal sealed record ComponentsFacts
{
    public required ComponentTarget Target { get; init; }

    /// <summary>In the order in which they are installed.</summary>
    public required IReadOnlyList<ComponentFacts> Wanted { get; init; }

    /// <summary>Installed for this owner and wanted no longer.</summary>
    public IReadOnlyList<InstalledComponent> Unwanted { get; init; } = [];

    /// <summary>Why nothing is installed, changed or removed now; null when work may go on.</summary>
    public string? HeldBy { get; init; }

    /// <summary>Clusters that need a provider, by its name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Users { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public ComponentsStatus? Seen { get; init; }
}
