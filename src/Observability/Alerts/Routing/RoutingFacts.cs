using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Routing;

/// <summary>All that notifications follow from.</summary>
internal sealed record RoutingFacts
{
    public required IReadOnlyCollection<AlertInstance> Alerts { get; init; }

    public required IReadOnlyCollection<RouteTable> Routes { get; init; }

    public required IReadOnlyCollection<SilenceRow> Silences { get; init; }

    public required IReadOnlyDictionary<string, GroupState> Groups { get; init; }

    /// <summary>Receivers that are not told when alerts are over.</summary>
    public required IReadOnlySet<ObjectKey> WithoutResolved { get; init; }
}
