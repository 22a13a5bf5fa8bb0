using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Manifests;
using Fleet.StateManager.Patches;
using Fleet.StateManager.Services;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Policies;

/// <summary>
/// The manifests that come with the services of a cluster (policyRefs), rendered over the cluster's objects and those that templateResourceRefs name. So a
/// credential gets into its cluster.
/// </summary>
internal sealed class PolicySource(
    PolicyTexts policies, RenderedTexts rendered, PatchReader patches, PatchedManifests patched, ManifestChart chart)
{
    /// <summary>What is there already, perhaps by hand, becomes ours: these manifests are what it should be.</summary>
    private static ReleaseOptions Options { get; } = ReleaseOptions.Default with
    {
        Install = ReleaseOptions.Default.Install with { TakeOwnership = true },
        Upgrade = ReleaseOptions.Default.Upgrade with { TakeOwnership = true },
    };

    /// <summary>Null when no source is there that the set names. Throws only when the management API fails.</summary>
    public async Task<ServiceSource?> FindAsync(ServiceSet set, ObjectKey cluster, SetMemory memory, CancellationToken ct)
    {
        var references = SetReferences.Of(set.Spec);
        if (references.Policies.Count == 0)
            return null;
        try
        {
            var secrets = new HashSet<string>();
            var (texts, lookAgainAfter) = await policies.ReadAsync(set, cluster, references.Policies, memory, secrets, ct);
            var results = await rendered.OfAsync(set, cluster, texts, memory.Manifests, secrets, ct);
            var changes = await patches.ReadAsync(set, cluster, memory.Patches, PostedSources.None, ct);
            secrets.UnionWith(changes.Secrets);
            IReadOnlyList<ManifestText> manifests = [.. texts.Zip(results, (text, result) => new ManifestText(text.Name, result.Text ?? throw new ManifestException($"{text.Name}: {result.Error}")))];
            var placed = PolicyRelease.Of(set.Metadata.Key);
            var name = new ReleaseName(placed.Namespace, placed.Name);
            manifests = await patched.OfAsync(manifests, name, ServiceTypes.Resource, changes.For(name.Namespace), secrets, layered: true, ct);
            var release = ManifestRelease.Of(manifests, name, ServiceTypes.Resource, isSecret: false, [.. secrets], layered: true);
            if (release.Values["objects"] is JsonArray { Count: 0 } && release.Foundations.Count == 0)
                return null;
            secrets.UnionWith(release.Secrets);
            return new ServiceSource.Found(await chart.GetAsync(ct), release.Values, Options, ManifestChart.Version, secrets)
            {
                Foundations = release.Foundations,
                LookAgainAfter = lookAgainAfter,
            };
        }
        catch (ManifestException e)
        {
            return new ServiceSource.Blocked($"policyRefs: {e.Message}", e.IsFault);
        }
        catch (PatchException e)
        {
            return new ServiceSource.Blocked(e.Message, e.IsFault);
        }
        catch (TemplateInputsException e)
        {
            return new ServiceSource.Blocked(e.Message, e.IsFault);
        }
    }
}
