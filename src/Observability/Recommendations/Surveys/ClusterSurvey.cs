using Fleet.Cost.Packing;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>A cluster as far as advice about it needs it, read all at once.</summary>
internal sealed record ClusterSurvey
{
    /// <summary>Made of a look, which tells less: see <see cref="LookSurvey"/>.</summary>
    public bool IsOfLook { get; init; }

    public IReadOnlyList<SurveyPod> Pods { get; init; } = [];

    public IReadOnlyList<PackingNode> Nodes { get; init; } = [];

    public IReadOnlyList<HorizontalScaler> HorizontalScalers { get; init; } = [];

    public IReadOnlyList<VerticalScaler> VerticalScalers { get; init; } = [];

    /// <summary>That allow no pod to be disturbed now.</summary>
    public IReadOnlyList<TightBudget> TightBudgets { get; init; } = [];

    /// <summary>All that there are, of any allowance.</summary>
    public IReadOnlyList<DisruptionBudget> Budgets { get; init; } = [];

    /// <summary>Services that have an endpoint which is ready.</summary>
    public IReadOnlySet<ObjectKey> Served { get; init; } = new HashSet<ObjectKey>();
}

/// <summary>The pods that a PodDisruptionBudget protects.</summary>
/// <param name="Labels">A pod that has all of them is meant. Null when the selector says more than labels: then every pod of the namespace may be.</param>
internal record BudgetedPods(ObjectKey Key, IReadOnlyDictionary<string, string>? Labels)
{
    public bool Protects(SurveyPod pod) => pod.Key.Namespace == Key.Namespace && (Labels is null || Labels.All(label => pod.Labels.GetValueOrDefault(label.Key) == label.Value));

    protected static IReadOnlyDictionary<string, string>? LabelsOf(DynamicObject budget) => budget.At("spec", "selector", "matchExpressions") is System.Text.Json.Nodes.JsonArray { Count: > 0 } ? null
        : (budget.At("spec", "selector", "matchLabels") as System.Text.Json.Nodes.JsonObject ?? []).ToDictionary(label => label.Key, label => (string?)label.Value ?? "");
}

/// <summary>A PodDisruptionBudget that allows nothing.</summary>
internal sealed record TightBudget(ObjectKey Key, IReadOnlyDictionary<string, string>? Labels) : BudgetedPods(Key, Labels)
{
    /// <summary>Null when it allows something.</summary>
    public static TightBudget? Of(DynamicObject budget) => (int?)budget.At("status", "disruptionsAllowed") is > 0 ? null : new(budget.Key, LabelsOf(budget));
}
