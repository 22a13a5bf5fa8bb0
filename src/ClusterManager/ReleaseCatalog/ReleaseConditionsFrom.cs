using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Releases;

namespace Fleet.ClusterManager.ReleaseCatalog;

/// <summary>Whether all ProviderTemplates of a Release are there and can be used. Pure.</summary>
internal static class ReleaseConditionsFrom
{
    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType> { ReleaseConditions.TemplatesCreated, ReleaseConditions.TemplatesValid };

    /// <summary>Names of the ProviderTemplates, each once.</summary>
    public static IReadOnlyList<string> Templates(Release release)
    {
        var regional = release.Spec.Regional?.Template ?? release.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.RegionalTemplate);
        return [.. ((string?[])[release.Spec.Kcm.Template, regional, release.Spec.Capi.Template, .. (release.Spec.Providers ?? []).Select(provider => provider.Template)])
            .Where(name => !string.IsNullOrEmpty(name)).Select(name => name!).Distinct(StringComparer.Ordinal)];
    }

    /// <param name="release">The release.</param>
    /// <param name="templates">For each name the template, null when there is none.</param>
    public static IReadOnlyList<Condition> All(Release release, IReadOnlyDictionary<string, ProviderTemplate?> templates)
    {
        var missing = templates.Where(pair => pair.Value is null).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToList();
        var invalid = templates.Where(pair => pair.Value is { Status: not { Valid: true } }).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value!.Status?.ObservedGeneration is null ? $"{pair.Key} is being checked" : $"{pair.Key}: {pair.Value.Status.ValidationError}").ToList();
        Condition[] conditions =
        [
            missing.Count == 0
                ? Condition.True(ReleaseConditions.TemplatesCreated, Reason.Succeeded, "All templates have been created")
                : Condition.False(ReleaseConditions.TemplatesCreated, Reason.Failed, $"missing ProviderTemplates: {string.Join(", ", missing)}"),
            missing.Count + invalid.Count == 0
                ? Condition.True(ReleaseConditions.TemplatesValid, Reason.Succeeded, "All templates are valid")
                : Condition.False(
                    ReleaseConditions.TemplatesValid, Reason.Failed,
                    invalid.Count == 0 ? "not all ProviderTemplates are there" : $"ProviderTemplates that are not valid: {string.Join("; ", invalid)}"),
        ];
        return [.. conditions.Select(condition => condition with { ObservedGeneration = release.Metadata.Generation })];
    }
}
