using System.Collections.Immutable;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Routing;

/// <summary>By which labels alerts are told of together. Pure.</summary>
/// <param name="Labels">Null: by all of them, so that each alert is told of by itself.</param>
internal sealed record Grouping(IReadOnlyList<string>? Labels)
{
    private const string Everything = "...";

    public static Grouping Of(List<string>? labels) => labels is null ? new([AlertLabels.Name]) : labels.Contains(Everything) ? new((IReadOnlyList<string>?)null) : new([.. labels]);

    public ImmutableSortedDictionary<string, string> Of(AlertInstance alert) =>
        Labels is null ? alert.Labels : AlertLabels.Of(Labels.Select(label => KeyValuePair.Create(label, alert.Labels.GetValueOrDefault(label) ?? "")));
}
