using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.Contracts;
using Fleet.Control.Grains;
using Fleet.Helm.Charts;
using Fleet.Helm.Owners;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ClusterManager.Releases;

/// <summary>Helm releases of cluster charts in one cluster.</summary>
internal sealed class ClusterReleases(IHelm helm, IKubernetesClient client, ClusterAccess access, TimeSpan timeout)
{
    private readonly FieldChecks checks = new(client);
    private readonly RenderedCharts renderings = new(helm.TemplateAsync);

    /// <summary>Installs or upgrades, and labels what the release is made of. Failures are HelmException or KubeApiException.</summary>
    public async Task UpgradeAsync(ObjectKey release, ChartArchive chart, JsonObject values, ReleaseOptions settings, Recovery recovery, GrainOwnership ownership, CancellationToken ct)
    {
        var name = new ReleaseName(release.Namespace, release.Name);
        await using var hold = await helm.OwnAsync(name, access, ownership, settings.AsUpgrade(recovery), ct);
        await helm.FreeAsync(name, access, recovery, ct);
        var done = await helm.UpgradeAsync(
            new() { Release = name, Cluster = access, Chart = chart, Values = values, Options = settings, ServerChecksFields = await checks.AreOfServerAsync(ct) }, ct);
        if (done.Manifest is { } manifest)
            await LabelAsync(name, manifest, ct);
        else
            await LabelAsync(release, ct);
    }

    /// <summary>The objects that the chart makes of the values, as YAML; throws HelmException when it does not take them.</summary>
    public async Task<string> RenderAsync(ObjectKey release, ChartArchive chart, JsonObject values, CancellationToken ct) =>
        await renderings.RenderAsync(new() { Release = new(release.Namespace, release.Name), Chart = chart, Values = values }, ct);

    /// <summary>False when there is no release.</summary>
    public async Task<bool> UninstallAsync(ObjectKey release, GrainOwnership ownership, CancellationToken ct)
    {
        var (name, settings) = (new ReleaseName(release.Namespace, release.Name), new ReleaseOptions { Timeout = timeout });
        await using var hold = await helm.OwnAsync(name, access, ownership, settings.AsUninstall(Recovery.None), ct);
        var wasThere = await helm.UninstallAsync(name, access, settings, ct);
        hold.Gone();
        return wasThere;
    }

    /// <summary>
    /// The labels by which tools (and Fleet) find the objects of a cluster's release; upstream's come from Flux. Labels that a chart does not
    /// mention survive helm's upgrades, so this is needed after an upgrade only. The CAPI Cluster comes last: that it is labelled says that all are.
    /// </summary>
    public async Task LabelAsync(ObjectKey key, CancellationToken ct)
    {
        var release = new ReleaseName(key.Namespace, key.Name);
        await LabelAsync(release, await helm.GetManifestAsync(release, access, ct), ct);
    }

    /// <summary>The release is Fleet's no more.</summary>
    public async Task UnlabelAsync(ObjectKey key, CancellationToken ct)
    {
        var release = new ReleaseName(key.Namespace, key.Name);
        await LabelAsync(release, await helm.GetManifestAsync(release, access, ct), isOurs: false, ct);
    }

    private Task LabelAsync(ReleaseName release, string manifest, CancellationToken ct) => LabelAsync(release, manifest, isOurs: true, ct);

    private async Task LabelAsync(ReleaseName release, string manifest, bool isOurs, CancellationToken ct)
    {
        foreach (var item in KubernetesYaml.ReadAll(manifest).OrderBy(IsCapiCluster))
        {
            if ((string?)item["apiVersion"] is not { } apiVersion || (string?)item["kind"] is not { } kindName || (string?)item["metadata"]?["name"] is not { } name)
                continue;
            if (await client.FindKindAsync(GroupVersionKind.Parse(apiVersion, kindName), ct) is not { } kind)
                continue;
            var place = kind.Namespaced ? new ObjectKey((string?)item["metadata"]!["namespace"] ?? release.Namespace, name) : ObjectKey.Cluster(name);
            JsonObject labels = new()
            {
                [FleetLabels.HelmReleaseName] = isOurs ? release.Name : null,
                [FleetLabels.HelmReleaseNamespace] = isOurs ? release.Namespace : null,
            };
            await LabelAsync(kind, place, labels, ct);
        }
    }

    private static bool IsCapiCluster(JsonObject item) =>
        (string?)item["kind"] == "Cluster" && ((string?)item["apiVersion"])?.StartsWith(CapiReader.Group + "/", StringComparison.Ordinal) == true;

    private async Task LabelAsync(ResourceKind kind, ObjectKey key, JsonObject labels, CancellationToken ct)
    {
        try
        {
            await client.Dynamic(kind).PatchAsync(
                key,
                Patch.Merge(new() { ["metadata"] = new JsonObject { ["labels"] = labels } }), PatchOptions.Default, ct);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // A hook's object, or one that is gone again.
        }
    }
}
