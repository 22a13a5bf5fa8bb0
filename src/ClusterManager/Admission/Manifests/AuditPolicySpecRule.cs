using Fleet.Contracts;
using Fleet.Contracts.AuditPolicies;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What a kube-apiserver demands of an audit policy: with a wrong one it does not start.</summary>
internal sealed class AuditPolicySpecRule() : TypedRule<ClusterAuditPolicySpec>(ContractsJson.Default.ClusterAuditPolicySpec)
{
    private static readonly string[] Levels = ["None", "Metadata", "Request", "RequestResponse"];

    private static readonly string[] Stages = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"];

    protected override IEnumerable<FieldProblem> Check(ClusterAuditPolicySpec spec)
    {
        const string Path = "spec.policy";
        if (spec.Policy.Rules.Count == 0)
            yield return new($"{Path}.rules", "must hold a rule");
        foreach (var problem in OfStages(spec.Policy.OmitStages, Path))
            yield return problem;
        for (var index = 0; index < spec.Policy.Rules.Count; index++)
            foreach (var problem in OfRule(spec.Policy.Rules[index], $"{Path}.rules[{index}]"))
                yield return problem;
    }

    private static IEnumerable<FieldProblem> OfRule(AuditPolicyRule rule, string path)
    {
        if (!Levels.Contains(rule.Level))
            yield return new($"{path}.level", $"must be {string.Join(", ", Levels[..^1])} or {Levels[^1]}, not \"{rule.Level}\"");
        foreach (var problem in OfStages(rule.OmitStages, path).Concat(OfPaths(rule, path)).Concat(OfResources(rule, path)))
            yield return problem;
    }

    private static IEnumerable<FieldProblem> OfPaths(AuditPolicyRule rule, string path)
    {
        var urls = rule.NonResourceUrls ?? [];
        if (urls.Count > 0 && rule is { Resources.Count: > 0 } or { NonResourceUrls.Count: > 0, Namespaces.Count: > 0 })
            yield return new($"{path}.nonResourceURLs", "a rule is either about paths or about resources and namespaces, not about both");
        for (var index = 0; index < urls.Count; index++)
        {
            var at = $"{path}.nonResourceURLs[{index}]";
            if (urls[index] == "*")
                continue;
            if (!urls[index].StartsWith('/'))
                yield return new(at, $"\"{urls[index]}\" must begin with /, or be *");
            if (urls[index].IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star != urls[index].Length - 1)
                yield return new(at, $"\"{urls[index]}\" may have * only at its end");
        }
    }

    private static IEnumerable<FieldProblem> OfResources(AuditPolicyRule rule, string path)
    {
        var groups = rule.Resources ?? [];
        for (var index = 0; index < groups.Count; index++)
        {
            if (groups[index] is { Group: { Length: > 0 } group } && Uri.CheckHostName(group) != UriHostNameType.Dns)
                yield return new($"{path}.resources[{index}].group", $"\"{group}\" is no API group");
            if (groups[index] is { ResourceNames.Count: > 0 } and not { Resources.Count: > 0 })
                yield return new($"{path}.resources[{index}].resourceNames", "need resources beside them");
        }
    }

    private static IEnumerable<FieldProblem> OfStages(List<string>? stages, string path)
    {
        for (var index = 0; index < (stages?.Count ?? 0); index++)
            if (!Stages.Contains(stages![index]))
                yield return new($"{path}.omitStages[{index}]", $"must be {string.Join(", ", Stages[..^1])} or {Stages[^1]}, not \"{stages[index]}\"");
    }
}
