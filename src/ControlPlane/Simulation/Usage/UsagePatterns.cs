using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>Which pattern a workload has: what an annotation says, else what the hash of its namespace and name picks.</summary>
public static class UsagePatterns
{
    private static readonly Dictionary<string, UsagePattern> Words = new(StringComparer.Ordinal)
    {
        ["steady"] = UsagePattern.Steady,
        ["daily"] = UsagePattern.Daily,
        ["weekly"] = UsagePattern.Weekly,
        ["batch"] = UsagePattern.Batch,
        ["over-requesting"] = UsagePattern.OverRequesting,
        ["under-requesting"] = UsagePattern.UnderRequesting,
        ["leak"] = UsagePattern.Leak,
        ["idle"] = UsagePattern.Idle,
    };

    /// <summary>The word of the annotation, for instance <c>over-requesting</c>; null for one that means nothing.</summary>
    public static UsagePattern? Parse(string? word) => word is not null && Words.TryGetValue(word, out var pattern) ? pattern : null;

    /// <summary>The same workload has the same pattern in every cluster. What Kubernetes itself runs is steady.</summary>
    public static UsagePattern Of(string @namespace, string workload)
    {
        if (@namespace.StartsWith("kube-", StringComparison.Ordinal))
            return UsagePattern.Steady;
        return (StableHash.Number($"{@namespace}/{workload}") % 100) switch
        {
            < 32 => UsagePattern.Steady,
            < 58 => UsagePattern.Daily,
            < 74 => UsagePattern.Weekly,
            < 79 => UsagePattern.Batch,
            < 91 => UsagePattern.OverRequesting,
            < 95 => UsagePattern.UnderRequesting,
            < 97 => UsagePattern.Leak,
            _ => UsagePattern.Idle,
        };
    }
}
