using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Components;

namespace Fleet.ClusterManager.Components;

/// <summary>Which components a Management or Region asks for, in the order in which they are installed. Names and namespaces are upstream's. Pure.</summary>
internal static class ComponentList
{
    public const string Kcm = "kcm";

    public const string Capi = "capi";

    public const string Regional = "kcm-regional";

    /// <summary>Sveltos expects to run in a namespace of its own.</summary>
    private const string Sveltos = "projectsveltos";

    public static IReadOnlyList<WantedComponent> OfManagement(Release release, ManagementSpec spec) =>
        Of(release, Kcm, release.Spec.Kcm.Template, spec.Core, spec.Providers);

    /// <summary>In a region stands, instead of the manager itself, what the release has for regions; older releases may have nothing.</summary>
    public static IReadOnlyList<WantedComponent> OfRegion(Release release, CoreComponents? core, IReadOnlyList<ProviderComponent>? providers) => Of(
        release, Regional, release.Spec.Regional?.Template ?? release.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.RegionalTemplate), core, providers);

    private static List<WantedComponent> Of(
        Release release, string first, string? firstTemplate, CoreComponents? core, IReadOnlyList<ProviderComponent>? providers)
    {
        List<WantedComponent> all = [];
        if ((Named(core?.Kcm?.Template) ?? Named(firstTemplate)) is { } template)
            all.Add(new(first) { Template = template, Values = Values(core?.Kcm?.Config) });
        all.Add(new(Capi)
        {
            Template = Named(core?.Capi?.Template) ?? release.Spec.Capi.Template,
            Values = Values(core?.Capi?.Config),
            After = [.. all.Select(component => component.Name)],
        });
        foreach (var provider in providers ?? [])
        {
            var stated = Named(provider.Template) ?? release.Spec.Providers?.Find(known => known.Name == provider.Name)?.Template;
            all.Add(new(provider.Name)
            {
                Template = stated,
                Values = Values(provider.Config),
                After = [Capi],
                Namespace = provider.Name == Sveltos ? Sveltos : null,
                Problem = stated is null ? $"Release {release.Metadata.Name} has no provider {provider.Name}, and spec.providers names no template for it" : null,
            });
        }
        // One release has one owner: a provider that is named like a core component, or twice, counts once. Admission refuses the latter.
        return [.. all.DistinctBy(component => component.Name)];
    }

    /// <summary>What is installed as far as status knows, for as long as it is not known what is wanted.</summary>
    public static IReadOnlyList<WantedComponent> Of(ComponentsStatus? seen) =>
        [.. (seen?.Components ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new WantedComponent(pair.Key)
        {
            Template = pair.Value.Template,
            Namespace = pair.Key == Sveltos ? Sveltos : null,
        })];

    private static string? Named(string? name) => name is { Length: > 0 } ? name : null;

    private static JsonObject Values(JsonNode? config) => config is JsonObject values ? (JsonObject)values.DeepClone() : [];
}
