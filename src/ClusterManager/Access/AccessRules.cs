using Fleet.Contracts;
using Fleet.Contracts.Access;
using Fleet.Contracts.References;

namespace Fleet.ClusterManager.Access;

/// <summary>Rules in one form: the deprecated lists become resources, selectors become Kubernetes' text. Pure.</summary>
internal static class AccessRules
{
    public static IEnumerable<ResourceRule> ResourcesOf(AccessRule rule)
    {
        foreach (var resource in rule.Resources ?? [])
            yield return resource with { ApiGroup = resource.ApiGroup is { } group && (group.Length > 0 || !IsOwn(resource.Kind)) ? group : FleetApi.Group };
        foreach (var (kind, names) in new[]
        {
            ("ClusterTemplateChain", rule.ClusterTemplateChains), ("ServiceTemplateChain", rule.ServiceTemplateChains), ("Credential", rule.Credentials),
            ("ClusterAuthentication", rule.ClusterAuthentications), ("DataSource", rule.DataSources), ("ClusterAuditPolicy", rule.ClusterAuditPolicies),
        })
            if (names is { Count: > 0 })
                yield return new() { ApiGroup = FleetApi.Group, Kind = kind, Names = names };
    }

    /// <summary>Null when everything is selected.</summary>
    public static string? Selector(LabelSelector? selector, string? text)
    {
        if (text is { Length: > 0 })
            return text;
        if (selector is null)
            return null;
        var parts = (selector.MatchLabels ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")
            .Concat((selector.MatchExpressions ?? []).Select(Text)).ToList();
        return parts.Count == 0 ? null : string.Join(',', parts);
    }

    private static bool IsOwn(string kind) =>
        kind is "ClusterTemplateChain" or "ServiceTemplateChain" or "Credential" or "ClusterAuthentication" or "DataSource" or "ClusterAuditPolicy";

    private static string Text(LabelSelectorRequirement requirement) => requirement.Operator switch
    {
        "In" => $"{requirement.Key} in ({string.Join(',', requirement.Values ?? [])})",
        "NotIn" => $"{requirement.Key} notin ({string.Join(',', requirement.Values ?? [])})",
        "Exists" => requirement.Key,
        "DoesNotExist" => "!" + requirement.Key,
        _ => throw new ArgumentOutOfRangeException(nameof(requirement), requirement.Operator, "not an operator of a selector"),
    };
}
