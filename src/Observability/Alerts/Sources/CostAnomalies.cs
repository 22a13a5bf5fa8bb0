using Fleet.Contracts.Alerts;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Anomalies;
using Fleet.Rest.Databases;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>Open anomalies of costs. The value is by how much more it is than expected, below zero when it is less.</summary>
internal sealed class CostAnomalies(AnomalyStore store) : IAlertSource
{
    public bool IsFor(AlertRuleEntry rule) => rule.Anomaly is not null;

    public async Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        IReadOnlyCollection<string>? clusters = question.IsSystem ? null : [.. question.Clusters.Keys.Select(key => key.ToString())];
        if (clusters is { Count: 0 })
            return [];
        try
        {
            return Of(await store.ReadAsync(isOpen: true, clusters, DateOnly.MinValue, ct), question.Entry.Anomaly!);
        }
        catch (Exception e) when (DatabaseFailures.IsOne(e))
        {
            throw new AlertSourceException("the database of anomalies does not answer");
        }
    }

    internal static IReadOnlyList<SourceSample> Of(IReadOnlyList<AnomalyRow> open, AnomalySource source) =>
    [
        .. from row in open
           let anomaly = row.Anomaly
           where source.MinimumImpact is not { } least || anomaly.Impact >= (double)least
           let sample = row.Series.Cluster.Split('/') is [{ Length: > 0 } place, { Length: > 0 } name]
               ? SourceSample.Of(new ObjectKey(place, name), anomaly.Impact)
               : new SourceSample(Matching.AlertLabels.None, anomaly.Impact)
           // Neither its end nor its amount, which change while it is open.
           select sample with { Labels = sample.Labels.SetItem("series", row.Series.Text).SetItem("currency", row.Series.Currency) },
    ];
}
