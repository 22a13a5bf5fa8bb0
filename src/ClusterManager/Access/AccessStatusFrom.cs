using Fleet.Contracts.Access;

namespace Fleet.ClusterManager.Access;

/// <summary>Status from what was read and how it went. Pure.</summary>
internal static class AccessStatusFrom
{
    public static AccessManagementStatus Problems(AccessFacts facts, IReadOnlyList<KindProblem> problems)
    {
        var kinds = (facts.Object.Spec.AccessRules ?? []).SelectMany(AccessRules.ResourcesOf).Select(resource => (Group: resource.ApiGroup ?? "", resource.Kind))
            .Concat(problems.Where(problem => problem.Kind.Length > 0).Select(problem => (problem.Group, problem.Kind)))
            .Distinct().OrderBy(kind => kind, Comparer<(string, string)>.Default);
        return new()
        {
            Current = facts.Object.Spec.AccessRules,
            Resources = Filled(kinds.Select(kind => new ResourceKindStatus
            {
                ApiGroup = kind.Group,
                Kind = kind.Kind,
                Error = Joined(problems.Where(problem => (problem.Group, problem.Kind) == kind)),
            })),
            Error = Joined(problems),
            ObservedGeneration = facts.Object.Metadata.Generation,
        };
    }

    private static List<ResourceKindStatus>? Filled(IEnumerable<ResourceKindStatus> kinds) => kinds.ToList() is { Count: > 0 } list ? list : null;

    private static string? Joined(IEnumerable<KindProblem> problems)
    {
        var texts = problems.Select(problem => problem.Error).Distinct(StringComparer.Ordinal).ToList();
        return texts.Count == 0 ? null : string.Join("; ", texts);
    }
}
