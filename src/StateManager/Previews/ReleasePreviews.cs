using System.Text.Json.Nodes;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Api;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Previews;

/// <summary>What an upgrade would declare: asked of the cluster where it answers and allows it, else rendered without it.</summary>
internal sealed class ReleasePreviews(IHelm helm, ServiceReleases releases)
{
    /// <summary>A dry run changes nothing, so nothing is waited for.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly YamlReadOptions Reading = new() { LastDuplicateWins = true };

    /// <param name="Note">Why the cluster was not asked, or nothing could be rendered.</param>
    public sealed record Result(IReadOnlyList<JsonObject>? Objects, bool IsFromServer, string? Note);

    public async Task<Result> OfAsync(ObjectKey cluster, bool isReachable, ReleaseName release, ServiceSource.Found source, CancellationToken ct)
    {
        var note = isReachable ? null : "the cluster was not asked";
        try
        {
            if (isReachable)
                return new(Objects((await UpgradeAsync(cluster, release, source, ct)).Manifest ?? ""), true, null);
        }
        catch (HelmException e)
        {
            note = e.Message;
        }
        try
        {
            var text = await helm.TemplateAsync(new() { Release = release, Chart = source.Chart, Values = source.Values, NoHooks = true, Secrets = source.Secrets, Patches = source.Patches }, ct);
            return new(Objects(text), false, note);
        }
        catch (HelmException e)
        {
            return new(null, false, e.Message);
        }
    }

    private async Task<HelmRelease> UpgradeAsync(ObjectKey cluster, ReleaseName release, ServiceSource.Found source, CancellationToken ct) => await helm.UpgradeAsync(
        new()
        {
            Release = release,
            Cluster = new ClusterAccess(await releases.KubeconfigAsync(cluster, ct)),
            Chart = source.Chart,
            Values = source.Values,
            Options = source.Options with { Wait = false, WaitForJobs = false, Atomic = false, Timeout = Longest },
            Secrets = source.Secrets,
            Patches = source.Patches,
            DryRun = true,
        }, ct);

    private static List<JsonObject> Objects(string manifest)
    {
        try
        {
            return [.. KubernetesYaml.ReadAll(manifest, Reading).SelectMany(ReleaseManifest.Apart)];
        }
        catch (KubernetesYamlException e)
        {
            throw new HelmException(HelmErrorKind.RenderFailed, $"what the chart renders is no YAML: {e.Message}", e);
        }
    }
}
