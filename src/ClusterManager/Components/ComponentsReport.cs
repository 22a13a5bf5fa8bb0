using Fleet.Contracts.Components;

namespace Fleet.ClusterManager.Components;

/// <summary>How the components of a Management or Region are after a round of work.</summary>
internal sealed record ComponentsReport
{
    public required IReadOnlyDictionary<string, ComponentStatus> Components { get; init; }

    public required IReadOnlyList<string> AvailableProviders { get; init; }

    public required IReadOnlyDictionary<string, Dictionary<string, string>> CapiContracts { get; init; }

    /// <summary>What is not in order, with the name of the component before it.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Everything that is wanted is installed and healthy, and nothing else is.</summary>
    public bool IsInOrder => Problems.Count == 0;

    /// <summary>When to look again.</summary>
    public required TimeSpan LookAgain { get; init; }

    /// <summary>Events to tell: what was installed, upgraded or removed just now, and what failed.</summary>
    public IReadOnlyList<ComponentEvent> Events { get; init; } = [];

    /// <summary>Fills in what Management and Region have in common.</summary>
    public T Into<T>(T status) where T : ComponentsStatus
    {
        status.Components = Components.Count > 0 ? new(Components) : null;
        status.AvailableProviders = AvailableProviders.Count > 0 ? [.. AvailableProviders] : null;
        status.CapiContracts = CapiContracts.Count > 0 ? new(CapiContracts) : null;
        return status;
    }
}

internal sealed record ComponentEvent(string Reason, string Message, bool IsWarning);
