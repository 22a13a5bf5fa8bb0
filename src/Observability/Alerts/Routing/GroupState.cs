using System.Collections.Immutable;

namespace Fleet.Observability.Alerts.Routing;

/// <summary>Alerts that one receiver is told of together, and what it was told last.</summary>
internal sealed record GroupState
{
    /// <summary>Of route and labels; what is told later of the same group has the same.</summary>
    public required string Key { get; init; }

    public required string Route { get; init; }

    public required string Namespace { get; init; }

    public required string Receiver { get; init; }

    public required ImmutableSortedDictionary<string, string> Labels { get; init; }

    /// <summary>When it is looked at again.</summary>
    public required DateTimeOffset NextFlush { get; init; }

    public required ImmutableSortedSet<string> Members { get; init; }

    /// <summary>Null: nothing was told yet.</summary>
    public DateTimeOffset? NotifiedAt { get; init; }

    /// <summary>Alerts that the receiver believes to fire.</summary>
    public ImmutableSortedSet<string> NotifiedFiring { get; init; } = [];

    public ImmutableSortedSet<string> NotifiedResolved { get; init; } = [];

    /// <summary>How many notifications there were.</summary>
    public int Sequence { get; init; }
}
