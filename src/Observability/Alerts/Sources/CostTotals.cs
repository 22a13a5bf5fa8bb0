using System.Data.Common;
using Fleet.Contracts.Alerts;
using Fleet.Cost;
using Fleet.Cost.Allocations;
using Fleet.Cost.Filters;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>What clusters have cost in a window up to the last full hour; or by how many percent that is more than in the window before it.</summary>
internal sealed class CostTotals(LedgerReader ledger) : IAlertSource
{
    public bool IsFor(AlertRuleEntry rule) => rule.Cost is not null;

    public async Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        var source = question.Entry.Cost!;
        var length = TimeSpan.FromHours(Math.Max(1, Math.Ceiling(AlertOptions.DurationOf(source.Window, TimeSpan.FromDays(1)).TotalHours)));
        var end = new DateTimeOffset(question.Now.UtcTicks - question.Now.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
        try
        {
            var filter = source.Filter is { Length: > 0 } text ? AllocationFilter.Parse(text) : AllocationFilter.Everything;
            var now = await TotalsAsync(new(end - length, end), source, filter, question, ct);
            if (source.ChangeAbovePercent is null)
                return [.. now.Select(total => Sample(total.Key, total.Value, source))];
            var before = await TotalsAsync(new(end - length - length, end - length), source, filter, question, ct);
            // From nothing to something is no percentage.
            return [.. now.Where(total => before.GetValueOrDefault(total.Key) > 0).Select(total => Sample(total.Key, (total.Value / before[total.Key] - 1) * 100, source))];
        }
        catch (FilterException e)
        {
            throw new AlertSourceException($"filter: {e.Message}");
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            throw new AlertSourceException("the ledger of costs does not answer");
        }
        catch (CostQueryException e)
        {
            throw new AlertSourceException(e.Message);
        }
    }

    private async Task<Dictionary<(string Cluster, string Currency), double>> TotalsAsync(QueryWindow window, CostSource source, AllocationFilter filter, SourceQuestion question, CancellationToken ct)
    {
        IReadOnlyCollection<string>? clusters = question.IsSystem ? null : [.. question.Clusters.Keys.Select(key => key.ToString())];
        if (clusters is { Count: 0 })
            return [];
        var totals = new Dictionary<(string Cluster, string Currency), double>();
        foreach (var set in await ledger.ReadAsync(window, window.Duration, clusters, ct))
        {
            if (source.Currency is { } currency && set.Allocations.Currency != currency)
                continue;
            foreach (var allocation in set.Allocations.Allocations.Values.Where(filter.Matches))
            {
                var key = (source.ByCluster == true ? allocation.Properties.Cluster ?? "" : "", set.Allocations.Currency);
                totals[key] = totals.GetValueOrDefault(key) + allocation.TotalCost;
            }
        }
        if (source.Currency is null && totals.Keys.Select(key => key.Currency).Distinct().Count() > 1)
            throw new AlertSourceException("these costs are in several currencies, which are not added up: name one by currency");
        return totals;
    }

    private static SourceSample Sample((string Cluster, string Currency) of, double value, CostSource source)
    {
        var sample = of.Cluster.Split('/') is [{ Length: > 0 } place, { Length: > 0 } name] ? SourceSample.Of(new ObjectKey(place, name), value) : new SourceSample(Matching.AlertLabels.None, value);
        return sample with { Labels = sample.Labels.SetItem("currency", of.Currency).SetItem("window", source.Window) };
    }
}
