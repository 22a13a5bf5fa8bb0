using System.Collections.Immutable;
using System.Globalization;
using Fleet.Contracts.Alerts;
using Fleet.Control.Alerts;
using Fleet.Control.Placement;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.Sources;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Rules;

/// <summary>What a rule's source has found becomes alerts: thresholds, overrides, labels, texts. Pure.</summary>
internal sealed class RuleBinding
{
    private const int LongestValue = 1024;

    /// <summary>More alerts of one rule are no help to anybody; the rest is told as a problem.</summary>
    public const int MostAlerts = 5000;

    private readonly AlertRuleSpec spec;
    private readonly AlertRuleEntry rule;
    private readonly List<(string Name, AlertTemplate Template)> labels, annotations;

    /// <exception cref="FormatException">A template can not be read.</exception>
    public RuleBinding(AlertRuleSpec spec, AlertRuleEntry rule)
    {
        (this.spec, this.rule) = (spec, rule);
        labels = [.. (rule.Labels ?? []).Select(label => (label.Key, AlertTemplate.Parse(label.Value)))];
        annotations = [.. (rule.Annotations ?? []).Select(text => (text.Key, AlertTemplate.Parse(text.Value)))];
    }

    public TimeSpan KeepFiringFor => AlertOptions.DurationOf(rule.KeepFiringFor, TimeSpan.Zero);

    public IReadOnlyList<WantedAlert> Bind(IEnumerable<SourceSample> samples, Func<SourceSample, AlertedCluster?> clusterOf) =>
        [.. samples.Select(sample => Bind(sample, clusterOf(sample))).OfType<WantedAlert>().Take(MostAlerts)];

    private WantedAlert? Bind(SourceSample sample, AlertedCluster? cluster)
    {
        if (!ClusterSelector.IsEmpty(spec.ClusterSelector) && (cluster is null || !ClusterSelector.Matches(spec.ClusterSelector, cluster.Labels)))
            return null;
        var change = cluster is null ? null : spec.Overrides?.Find(one => (one.Alerts is null or { Count: 0 } || one.Alerts.Contains(rule.Alert)) && ClusterSelector.Matches(one.ClusterSelector, cluster.Labels));
        if (change?.Disabled == true || !IsCrossed(sample, change))
            return null;
        string? ValueOf(string place) => place == "$value"
            ? sample.Value.ToString("G6", CultureInfo.InvariantCulture)
            : place.StartsWith("$labels.", StringComparison.Ordinal) ? sample.Labels.GetValueOrDefault(place["$labels.".Length..])
            : place == "$labels" ? AlertLabels.Text(sample.Labels) : null;
        var all = sample.Labels.Where(label => label.Key != "__name__")
            .Concat(labels.Select(label => KeyValuePair.Create(label.Name, Short(label.Template.Render(ValueOf)))))
            .Append(new(AlertLabels.Name, rule.Alert))
            .Append(new(AlertLabels.Severity, change?.Severity ?? rule.Severity ?? "warning"));
        return new(
            AlertLabels.None.SetItems(all).RemoveRange(all.Where(label => label.Value.Length == 0).Select(label => label.Key)),
            AlertLabels.Of(annotations.Select(text => KeyValuePair.Create(text.Name, text.Template.Render(ValueOf)))),
            sample.Value, AlertOptions.DurationOf(change?.For ?? rule.For, TimeSpan.Zero));
    }

    /// <summary>Whether the value is beyond the rule's threshold, or that of the cluster's override.</summary>
    private bool IsCrossed(SourceSample sample, AlertOverride? change)
    {
        var (above, below) = rule switch
        {
            { Promql: { } source } => (Number(source.Above), Number(source.Below)),
            { Freshness: { } source } => (Seconds(source.OlderThan), null),
            { Certificate: { } source } => (null, Seconds(source.ExpiresWithin)),
            { Backup: { } source } => (Seconds(source.OlderThan), null),
            { Cost: { } source } => (Number(source.Above ?? source.ChangeAbovePercent), null),
            _ => ((double?)null, (double?)null),
        };
        if (change?.Duration is { } duration)
            (above, below) = (above is null ? null : Seconds(duration), below is null ? null : Seconds(duration));
        above = Number(change?.Above) ?? above;
        below = Number(change?.Below) ?? below;
        return (above is null || sample.Value > above) && (below is null || sample.Value < below);
    }

    private static double? Number(decimal? number) => (double?)number;

    private static double? Seconds(string text) => AlertOptions.DurationOf(text, TimeSpan.Zero).TotalSeconds;

    private static string Short(string text) => text.Length <= LongestValue ? text : text[..LongestValue];
}
