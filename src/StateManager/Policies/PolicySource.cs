using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Manifests;
using Fleet.StateManager.Patches;
using Fleet.StateManager.Services;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Policies;

/// <summary>
/// The manifests that come with the services of a cluster (policyRefs): texts of ConfigMaps and Secrets of the management cluster, rendered over the
/// cluster's objects and those that templateResourceRefs name. So a credential gets into its cluster.
/// </summary>
internal sealed class PolicySource(
    IKubernetesClient management, RenderedTexts rendered, PatchReader patches, PatchedManifests patched, ReferenceRights rights, ManifestChart chart)
{
    /// <summary>Texts of one set together; etcd takes no larger object either.</summary>
    private const int MostCharacters = 1024 * 1024;

    private const int DefaultTier = 100;

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
            var texts = await TextsAsync(set, cluster, references.Policies, ct);
            var secrets = new HashSet<string>();
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
            return new ServiceSource.Found(await chart.GetAsync(ct), release.Values, Options, ManifestChart.Version, secrets) { Foundations = release.Foundations };
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

    private async Task<IReadOnlyList<SourceText>> TextsAsync(ServiceSet set, ObjectKey cluster, IReadOnlyList<PolicyReference> policies, CancellationToken ct)
    {
        var texts = new List<SourceText>();
        // The lower tier wins: of two manifests of one object that of the last text counts.
        foreach (var policy in policies.OrderByDescending(policy => policy.Tier ?? DefaultTier))
        {
            var key = new ObjectKey(policy.Namespace is { Length: > 0 } stated ? stated : cluster.Namespace, policy.Name);
            var isSecret = policy.Kind == CoreKinds.Secrets.Kind;
            if ((!isSecret && policy.Kind != CoreKinds.ConfigMaps.Kind) || policy.DeploymentType == "Local" || policy.RemoteUrl is not null)
                throw new ManifestException($"{policy.Kind} {key} cannot be used in this version: only ConfigMaps and Secrets whose manifests go to the managed cluster can");
            if (await rights.ProblemAsync(set, cluster, policy.Kind, key, ct) is { } problem)
                throw new ManifestException(problem);
            if (await management.Dynamic(isSecret ? CoreKinds.Secrets : CoreKinds.ConfigMaps).GetAsync(key, ct) is not { } source)
            {
                if (policy.Optional == true)
                    continue;
                throw new ManifestException($"{policy.Kind} {key} does not exist", isFault: false);
            }

            var isTemplate = source.Metadata.Annotations?.ContainsKey(FleetAnnotations.SveltosTemplate) == true;
            texts.AddRange(DataTexts.Of(source, policy.Kind).Select(text => new SourceText($"{policy.Kind} {key}, key {text.Key}", text.Text, isTemplate)));
        }

        return texts.Sum(text => text.Text.Length) <= MostCharacters ? texts : throw new ManifestException($"more than {MostCharacters} characters together");
    }
}
