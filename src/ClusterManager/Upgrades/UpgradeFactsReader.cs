using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Reads and renders what a change of a cluster's release is planned from. Failures of helm are HelmException.</summary>
internal static class UpgradeFactsReader
{
    /// <param name="facts">Of the cluster with the wanted spec; its chart must be there.</param>
    /// <param name="plan">What the planner made of them: values of the chart.</param>
    /// <param name="host">Where its CAPI objects are.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<UpgradeFacts> ReadAsync(ClusterFacts facts, ClusterPlan plan, CapiHost host, CancellationToken ct)
    {
        var installed = await ReadInstalledAsync(facts, host, ct);
        var rendered = await host.Releases.RenderAsync(facts.Key, facts.Chart!, plan.Values, ct);
        return installed with { Wanted = RenderedObject.ReadAll(rendered, facts.Key.Namespace) };
    }

    /// <summary>Only what is there now.</summary>
    public static async Task<UpgradeFacts> ReadInstalledAsync(ClusterFacts facts, CapiHost host, CancellationToken ct)
    {
        var revisions = await host.Records.ContentsAsync(facts.Key, ct);
        // An upgrade that failed half-way has made some objects; helm compares with the last one that did not.
        var current = revisions.FirstOrDefault(revision => revision.IsDeployed) ?? (revisions.Count > 0 ? revisions[0] : null);
        var objects = current is null ? [] : RenderedObject.ReadAll(current.Manifest, facts.Key.Namespace);
        return new()
        {
            Namespace = facts.Key.Namespace,
            Name = facts.Key.Name,
            From = current is null ? null : new(facts.InstalledTemplate ?? "", $"{current.ChartName}-{current.ChartVersion}"),
            To = new(facts.Object.Spec.Template, facts.Chart is { } chart ? $"{chart.Name}-{chart.Version}" : null),
            Current = objects,
            HalfMade = [.. revisions.Where(revision => revision.Revision > current?.Revision)
                .SelectMany(revision => RenderedObject.ReadAll(revision.Manifest, facts.Key.Namespace))],
            Versions = facts.Capi is { } capi ? (await host.Machines.ReadAsync(capi.Key, ct)).Versions : ClusterVersions.Unknown,
        };
    }
}
