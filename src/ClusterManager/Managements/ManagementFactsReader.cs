using Fleet.ClusterManager.Components;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Managements;

/// <summary>Reads what decides whether the components of a Management may be worked on.</summary>
internal sealed class ManagementFactsReader(IKubernetesClient client, UpgradeBackups backups, ProviderUsers users)
{
    public async Task<ManagementFacts> ReadAsync(Management management, CancellationToken ct)
    {
        var release = await client.Resource(FleetKinds.Releases).GetAsync(ObjectKey.Cluster(management.Spec.Release), ct);
        var facts = new ManagementFacts { Object = management, Release = release };
        if (release is null)
            return facts;
        return facts with
        {
            Incompatible = await IncompatibleAsync(facts, release, ct),
            Backups = facts.IsUpgrade ? await backups.ReadAsync(management.Status!.Release!, ct) : [],
        };
    }

    private async Task<IReadOnlyList<string>> IncompatibleAsync(ManagementFacts facts, Release release, CancellationToken ct)
    {
        var templates = new Dictionary<string, ProviderTemplate>(StringComparer.Ordinal);
        foreach (var component in ComponentList.OfManagement(release, facts.Object.Spec).DistinctBy(component => component.Name))
            if (component.Template is { } name && await client.Resource(FleetKinds.ProviderTemplates).GetAsync(ObjectKey.Cluster(name), ct) is { } template)
                templates[component.Name] = template;
        var core = templates.GetValueOrDefault(ComponentList.Capi);
        List<ProviderTemplate> providers = [.. templates.Where(pair => pair.Key != ComponentList.Capi).Select(pair => pair.Value)];
        List<string> problems = [.. ContractCheck.Incompatible(providers, core)];
        if (facts.IsUpgrade)
            problems.AddRange(await BrokenClustersAsync(providers, core, ct));
        return problems;
    }

    /// <summary>Clusters that are there must be looked after by the new versions, too.</summary>
    private async Task<IReadOnlyList<string>> BrokenClustersAsync(IReadOnlyList<ProviderTemplate> providers, ProviderTemplate? core, CancellationToken ct)
    {
        var offered = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var template in providers.Where(template => template.Status is { Valid: true, CapiContracts.Count: > 0 }))
            foreach (var provider in template.Status!.Providers ?? [])
                offered[provider] = ContractCheck.Usable(core?.Status?.CapiContracts, template.Status.CapiContracts!);
        var problems = new List<string>();
        foreach (var key in await users.TemplatesInAsync(null, ct))
            if (await client.Resource(FleetKinds.ClusterTemplates).GetAsync(key, ct) is { Status.ProviderContracts: { Count: > 0 } needed })
                problems.AddRange(ContractCheck.Missing(needed, offered).Select(problem => $"{problem}, which ClusterTemplate {key} needs and clusters use"));
        return problems;
    }
}
