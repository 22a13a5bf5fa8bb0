using Fleet.ClusterManager.Releases;
using Fleet.Control.Kinds;
using Fleet.Helm.Releases;

namespace Fleet.ClusterManager.Components;

/// <summary>Finds the releases that were made for an owner, by the labels of helm's records; starts no helm.</summary>
internal static class InstalledComponents
{
    /// <summary>On the record: name of the component.</summary>
    public const string NameLabel = "fleet-component";

    /// <summary>On the record: name of its ProviderTemplate.</summary>
    public const string TemplateLabel = "fleet-template";

    /// <summary>By release. Those of other owners are left out.</summary>
    public static async Task<IReadOnlyDictionary<ReleaseName, InstalledComponent>> ReadAsync(ComponentTarget target, ComponentMemory memory, CancellationToken ct)
    {
        var records = await target.Client.Dynamic(CoreKinds.Secrets).ListAsync(
            new() { LabelSelector = $"owner=helm,{ReleaseRecords.OwnerLabel}={target.Owner.Uid},{NameLabel}", PageSize = 50 }, ct);
        var newest = records.Items
            .Select(secret => (Secret: secret, Record: ReleaseRecords.Read(secret.Metadata), Name: secret.Metadata.Labels!.GetValueOrDefault("name")))
            .Where(item => item is { Record.IsUninstalled: false, Name.Length: > 0 })
            .GroupBy(item => new ReleaseName(item.Secret.Key.Namespace, item.Name!))
            .Select(revisions => revisions.MaxBy(item => item.Record!.Revision));
        var found = new Dictionary<ReleaseName, InstalledComponent>();
        foreach (var (secret, record, name) in newest)
        {
            var release = new ReleaseName(secret.Key.Namespace, name!);
            var objects = memory.Rendered(
                release, secret.Metadata.Uid ?? "", () => ReleaseContent.Read(secret, record!) is { } content ? RenderedObjects.Of(release, content.Manifest) : []);
            found[release] = new(secret.Metadata.Labels![NameLabel], release, record!)
            {
                Template = secret.Metadata.Labels.GetValueOrDefault(TemplateLabel),
                Health = record!.IsDeployed ? await ComponentHealthReader.ReadAsync(target.Client, objects, ct) : ComponentHealth.Healthy,
            };
        }
        return found;
    }

    /// <summary>Whether somebody else has a release of this name there.</summary>
    public static async Task<bool> IsTakenAsync(ComponentTarget target, ReleaseName release, CancellationToken ct) =>
        await new ReleaseRecords(target.Client).LatestAsync(new(release.Namespace, release.Name), ct) is { IsUninstalled: false, IsOrphan: false };
}
