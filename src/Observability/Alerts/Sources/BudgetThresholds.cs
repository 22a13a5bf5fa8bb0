using System.IO.Enumeration;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Alerts;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Alerts.Matching;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>Thresholds that the status of Budgets says are crossed. The value is the threshold's percent.</summary>
internal sealed class BudgetThresholds(IKubernetesClient management) : IAlertSource
{
    private static readonly GroupVersionKind Budget = new(FleetApi.Group, FleetApi.Version, "Budget");

    public bool IsFor(AlertRuleEntry rule) => rule.Budget is not null;

    public async Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        var source = question.Entry.Budget!;
        try
        {
            if (await management.FindKindAsync(Budget, ct) is not { } kind)
                throw new AlertSourceException("the kind Budget is not installed", isMissing: true);
            var budgets = await management.Dynamic(kind).ListAsync(new ListOptions { Namespace = question.IsSystem ? null : question.Rule.Namespace }, ct);
            return [.. budgets.Items.Where(budget => IsNamed(source, budget.Key.Name)).SelectMany(budget => Of(budget, source))];
        }
        catch (KubeApiException e)
        {
            throw new AlertSourceException($"management API: {e.Message}");
        }
    }

    internal static IEnumerable<SourceSample> Of(DynamicObject budget, BudgetSource source) =>
        from threshold in (budget.At("status", "thresholds") as JsonArray ?? []).OfType<JsonObject>()
        where threshold["crossed"] is JsonValue crossed && crossed.TryGetValue<bool>(out var isCrossed) && isCrossed
        let kind = (string?)threshold["kind"] ?? ""
        let percent = threshold["percent"] is JsonValue value && value.TryGetValue<double>(out var number) ? number : 0
        where (source.Kind is null || string.Equals(source.Kind, kind, StringComparison.OrdinalIgnoreCase)) && (source.AtLeastPercent is not { } least || percent >= (double)least)
        // It is the namespace's whose clusters it counts.
        select new SourceSample(
            AlertLabels.Of([new("budget", budget.Key.Name), new(AlertLabels.ClusterNamespace, budget.Key.Namespace), new("kind", kind), new("threshold", $"{percent:0.##}%")]), percent);

    private static bool IsNamed(BudgetSource source, string name) => source.Budgets is not { Count: > 0 } names || names.Exists(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
