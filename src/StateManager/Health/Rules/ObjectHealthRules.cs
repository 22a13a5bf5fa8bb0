using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Health.Rules;

/// <summary>The health of an object of any kind: by the rule of its kind, else by the conditions that most kinds share. Pure.</summary>
internal static class ObjectHealthRules
{
    private static readonly Dictionary<(string Group, string Kind), Func<ObservedObject, ObjectVerdict>> Rules = All()
        .ToDictionary(rule => (rule.Group, rule.Kind), rule => rule.Judge);

    /// <summary>The kinds that have a rule of their own.</summary>
    public static IEnumerable<(string Group, string Kind)> Kinds => Rules.Keys;

    public static ObjectVerdict Of(DynamicObject item)
    {
        var seen = new ObservedObject(item);
        if (seen.Text("metadata", "annotations", FleetAnnotations.Health) == "ignore")
            return ObjectVerdict.Healthy;
        // Whatever is on its way out is no failure of the service, as upstream has it; only in a namespace that goes nothing else can live.
        if (seen.Item.At("metadata", "deletionTimestamp") is not null)
            return seen is { Group: "", Kind: "Namespace" } ? ObjectVerdict.Progressing("it is being deleted") : ObjectVerdict.Healthy;
        if (seen.ObservedGeneration is { } observed && observed < seen.Generation)
            return ObjectVerdict.Progressing("its controller has not seen the latest spec yet");
        return Rules.TryGetValue((seen.Group, seen.Kind), out var judge) ? judge(seen) : ConditionRules.Of(seen);
    }

    private static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All() =>
    [
        .. CoreRules.All,
        .. WorkloadRules.All,
        .. ClusterRules.All,
        .. KruiseRules.All,
        .. KruiseTaskRules.All,
        .. ArgoRules.All,
        .. FluxRules.All,
        .. ClusterApiRules.All,
        .. CertManagerRules.All,
        .. CrossplaneRules.All,
    ];
}
