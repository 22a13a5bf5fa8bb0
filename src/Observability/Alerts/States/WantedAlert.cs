using System.Collections.Immutable;

namespace Fleet.Observability.Alerts.States;

/// <summary>Labels for which the condition of a rule holds now.</summary>
/// <param name="For">How long it must have held before it fires.</param>
internal sealed record WantedAlert(
    ImmutableSortedDictionary<string, string> Labels, ImmutableSortedDictionary<string, string> Annotations, double Value, TimeSpan For);
