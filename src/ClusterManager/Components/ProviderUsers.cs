using Fleet.ClusterManager.Admission.Uses;
using Fleet.ClusterManager.Watching;
using Fleet.Control.Kinds;

namespace Fleet.ClusterManager.Components;

/// <summary>Which ClusterDeployments need which Cluster API provider, by their templates.</summary>
internal sealed class ProviderUsers(ClusterWatches watches, SystemNamespaces system)
{
    /// <param name="region">Null: clusters of the management cluster itself.</param>
    /// <param name="ct">Ends the wait for the watches.</param>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> InAsync(string? region, CancellationToken ct)
    {
        var facts = await FactsAsync(ct);
        return ClusterRegions.In(facts, region)
            .SelectMany(cluster => (TemplateUses.ClusterTemplate(facts, cluster.Key, cluster.Template)?.Providers ?? []).Select(provider => (Provider: provider, Cluster: cluster.Key)))
            .GroupBy(use => use.Provider)
            .ToDictionary(uses => uses.Key, IReadOnlyList<string> (uses) => [.. uses.Select(use => use.Cluster.ToString()).Order(StringComparer.Ordinal)], StringComparer.Ordinal);
    }

    /// <summary>Keys of the ClusterTemplates that clusters of a region use.</summary>
    public async Task<IReadOnlyList<Kubernetes.Objects.ObjectKey>> TemplatesInAsync(string? region, CancellationToken ct)
    {
        var facts = await FactsAsync(ct);
        return [.. ClusterRegions.In(facts, region).Select(cluster => TemplateUses.ClusterTemplate(facts, cluster.Key, cluster.Template)).OfType<KnownTemplate>().Select(template => template.Key).Distinct()];
    }

    private async Task<FleetFacts> FactsAsync(CancellationToken ct)
    {
        await Task.WhenAll(watches.Clusters.WaitForSyncAsync(ct), watches.Templates.WaitForSyncAsync(ct), watches.Credentials.WaitForSyncAsync(ct));
        return new()
        {
            System = system,
            Clusters = [.. watches.Clusters.Items.Select(row => new ClusterUse(row.Key, row.Template, row.Credential, row.References))],
            ClusterTemplates = [.. watches.Templates.Items.Select(row => new KnownTemplate(row.Key, row.Providers.Split(',', StringSplitOptions.RemoveEmptyEntries)))],
            Credentials = [.. watches.Credentials.Items.Select(row => new KnownCredential(row.Key, row.Region))],
        };
    }
}
