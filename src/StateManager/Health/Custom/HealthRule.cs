using System.Text.Json.Nodes;
using Fleet.Control.Health;
using Fleet.Expressions;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Health.Custom;

/// <summary>A rule of somebody's ConfigMap, compiled. Rules are equal when they say the same.</summary>
/// <param name="Target">For whom: "global", or the name of the ClusterDeployment or MultiClusterService that a ServiceSet was made for.</param>
/// <param name="Source"><c>namespace/name#index</c>, as upstream names a rule.</param>
internal sealed record HealthRule(GroupVersionKind Type, bool Namespaced, string Healthy, string Message, string Target, string Source)
{
    public const string Variable = "obj";

    public const string Global = "global";

    /// <summary>Strangers write rules: a hundredth of a second at worst for each object.</summary>
    private const long CostLimit = 100_000;

    private readonly CelProgram healthy = CelProgram.Compile(Healthy, Variable);
    private readonly CelProgram message = CelProgram.Compile(Message, Variable);

    /// <summary>Null when the rule holds. One that fails says nothing about the object, which is not the same as healthy.</summary>
    public RuleFinding? Judge(ResourceKind kind, JsonObject root)
    {
        if (kind.Namespaced != Namespaced)
            return new RuleFinding(Target, Source, WorkloadVerdict.Unknown, $"HealthRuleScopeMismatch: {kind.Kind} is {ScopeOf(kind.Namespaced)}, the rule says {ScopeOf(Namespaced)}");
        var values = new Dictionary<string, JsonNode?> { [Variable] = root };
        try
        {
            return healthy.EvaluateCondition(values, CostLimit) ? null : new RuleFinding(Target, Source, WorkloadVerdict.Progressing, Explain(values));
        }
        catch (CelException e)
        {
            return new RuleFinding(Target, Source, WorkloadVerdict.Unknown, HealthProjection.Short($"healthy cannot be evaluated: {e.Message}"));
        }
    }

    public bool Equals(HealthRule? other) => other is not null
        && (Type, Namespaced, Healthy, Message, Target, Source) == (other.Type, other.Namespaced, other.Healthy, other.Message, other.Target, other.Source);

    public override int GetHashCode() => HashCode.Combine(Type, Healthy, Source);

    public static string ScopeOf(bool namespaced) => namespaced ? "Namespaced" : "Cluster";

    private string Explain(Dictionary<string, JsonNode?> values)
    {
        try
        {
            return message.Evaluate(values, CostLimit) is string { Length: > 0 } text && text.Trim().Length > 0 ? HealthProjection.Short(text) : "the rule does not hold";
        }
        catch (CelException e)
        {
            return HealthProjection.Short($"the rule does not hold, and its message cannot be evaluated: {e.Message}");
        }
    }
}

/// <summary>What a rule has found wrong with one object.</summary>
internal sealed record RuleFinding(string Target, string Rule, WorkloadVerdict Verdict, string Why);
