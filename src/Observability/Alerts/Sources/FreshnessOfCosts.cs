using System.Data.Common;
using Fleet.Contracts.Alerts;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>How old the newest costs of each cluster are. A cluster whose costs have never come counts from its own beginning on.</summary>
internal sealed class FreshnessOfCosts(LedgerReader ledger) : IAlertSource
{
    public bool IsFor(AlertRuleEntry rule) => rule.Freshness is not null;

    public async Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        try
        {
            var seen = (await ledger.FreshnessAsync(ct)).GroupBy(known => known.Cluster).ToDictionary(known => known.Key, known => known.Max(one => one.SeenUntil));
            return [.. question.Clusters.Values
                .Select(cluster => (cluster.Key, Age: question.Now - (seen.TryGetValue(cluster.Key.ToString(), out var until) ? until : cluster.Created)))
                .Select(cluster => SourceSample.Of(cluster.Key, cluster.Age.TotalSeconds))];
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            throw new AlertSourceException("the ledger of costs does not answer");
        }
    }
}
