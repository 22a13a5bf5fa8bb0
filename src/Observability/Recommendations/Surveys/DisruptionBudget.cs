using System.Globalization;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>A PodDisruptionBudget, whatever it allows now.</summary>
/// <param name="MinAvailable">Pods, or of all pods <paramref name="MinPercent"/>; null where it states what may be unavailable instead.</param>
internal sealed record DisruptionBudget(ObjectKey Key, IReadOnlyDictionary<string, string>? Labels, int? MinAvailable, double? MinPercent) : BudgetedPods(Key, Labels)
{
    /// <summary>One that goes leaves one that stays.</summary>
    private const int LeastOfAny = 2;

    /// <summary>The fewest pods of which it lets one go; null when it never does.</summary>
    public int? Needs => MinAvailable is { } pods ? Math.Max(LeastOfAny, pods + 1)
        // So many percent of them, rounded up, stay.
        : MinPercent is not { } percent ? LeastOfAny : percent >= 100 ? null
        : Enumerable.Range(LeastOfAny, 100).First(count => count - Math.Ceiling(count * percent / 100 - 1e-9) >= 1);

    public static DisruptionBudget Of(DynamicObject budget)
    {
        var text = budget.At("spec", "minAvailable")?.ToString();
        var number = double.TryParse(text?.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var stated) && stated >= 0 ? stated : (double?)null;
        return text?.EndsWith('%') == true ? new(budget.Key, LabelsOf(budget), null, number) : new(budget.Key, LabelsOf(budget), (int?)number, null);
    }
}
