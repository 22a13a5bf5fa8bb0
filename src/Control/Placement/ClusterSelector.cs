using Fleet.Contracts.References;

namespace Fleet.Control.Placement;

/// <summary>Which clusters a selector finds, by the labels of their ClusterDeployments. Pure.</summary>
public static class ClusterSelector
{
    /// <summary>Unlike elsewhere in Kubernetes an empty selector finds nothing: "everywhere" must be said.</summary>
    public static bool Matches(LabelSelector? selector, IReadOnlyDictionary<string, string>? labels)
    {
        if (IsEmpty(selector))
            return false;
        labels ??= new Dictionary<string, string>();
        return (selector!.MatchLabels ?? []).All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
            && (selector.MatchExpressions ?? []).TrueForAll(requirement => Holds(requirement, labels.GetValueOrDefault(requirement.Key)));
    }

    public static bool IsEmpty(LabelSelector? selector) => selector is null or { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } };

    private static bool Holds(LabelSelectorRequirement requirement, string? value) => requirement.Operator switch
    {
        "In" => value is not null && requirement.Values?.Contains(value) == true,
        // As in Kubernetes, what has no such label is not in the list either.
        "NotIn" => value is null || requirement.Values?.Contains(value) != true,
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        // Admission refuses it; what slipped past finds nothing rather than everything.
        _ => false,
    };
}
