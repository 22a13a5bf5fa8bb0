using Fleet.Contracts;
using Fleet.Contracts.Alerts;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What the schema of an AlertRule can not say: templates that can be filled in, overrides that fit a rule, states that exist.</summary>
internal sealed class AlertRuleSpecRule() : TypedRule<AlertRuleSpec>(ContractsJson.Default.AlertRuleSpec)
{
    protected override IEnumerable<FieldProblem> Check(AlertRuleSpec spec)
    {
        foreach (var problem in SelectorSyntax.Check(spec.ClusterSelector, "spec.clusterSelector"))
            yield return problem;
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < spec.Rules.Count; index++)
        {
            var (rule, path) = (spec.Rules[index], $"spec.rules[{index}]");
            // API servers keep list maps; older ones and ours say it too late.
            if (!names.Add(rule.Alert))
                yield return new($"{path}.alert", $"{rule.Alert} is in the list already");
            foreach (var problem in AlertTexts.Templates(rule.Labels, $"{path}.labels", isLabels: true).Concat(AlertTexts.Templates(rule.Annotations, $"{path}.annotations", isLabels: false)))
                yield return problem;
            foreach (var state in rule.Service?.States ?? [])
                if (state is not ("Failed" or "Drifted"))
                    yield return new($"{path}.service.states", $"must be Failed or Drifted, not \"{state}\"");
        }
        for (var index = 0; index < (spec.Overrides?.Count ?? 0); index++)
            foreach (var problem in OfOverride(spec.Overrides![index], $"spec.overrides[{index}]", names))
                yield return problem;
    }

    private static IEnumerable<FieldProblem> OfOverride(AlertOverride change, string path, HashSet<string> names)
    {
        foreach (var problem in SelectorSyntax.Check(change.ClusterSelector, $"{path}.clusterSelector"))
            yield return problem;
        if (change.ClusterSelector is { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } })
            yield return new($"{path}.clusterSelector", "must say for which clusters it is: what is otherwise everywhere belongs into the rule");
        if (change is { Disabled: null, Above: null, Below: null, Duration: null, For: null, Severity: null })
            yield return new(path, "changes nothing: disabled, above, below, duration, for or severity is needed");
        foreach (var alert in change.Alerts ?? [])
            if (!names.Contains(alert))
                yield return new($"{path}.alerts", $"there is no alert {alert} in spec.rules");
    }
}
