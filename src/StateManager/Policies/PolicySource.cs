using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Helm.Releases;
using Fleet.Helm.Rendering;
using Fleet.Helm.Values;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Manifests;
using Fleet.StateManager.Services;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Policies;

/// <summary>
/// The manifests that come with the services of a cluster (policyRefs): texts of ConfigMaps and Secrets of the management cluster, rendered over the
/// cluster's objects and those that templateResourceRefs name. So a credential gets into its cluster.
/// </summary>
internal sealed class PolicySource(
    IKubernetesClient management, RenderedTexts rendered, ReferenceRights rights, ManifestChart chart)
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
    public async Task<ServiceSource?> FindAsync(ServiceSet set, ObjectKey cluster, RenderMemory memory, CancellationToken ct)
    {
        var references = SetReferences.Of(set.Spec);
        if (references.Policies.Count == 0)
            return null;
        try
        {
            var texts = await TextsAsync(set, cluster, references.Policies, ct);
            var secrets = new HashSet<string>();
            var results = await rendered.OfAsync(set, cluster, texts, memory, secrets, ct);
            var items = texts.Zip(results).SelectMany(pair => Objects(pair.First, pair.Second)).ToList();
            if (items.Count == 0)
                return null;
            foreach (var secret in items.Where(item => (string?)item["kind"] == CoreKinds.Secrets.Kind))
                secrets.UnionWith(SecretTexts.Of(secret));
            return new ServiceSource.Found(
                await chart.GetAsync(ct), new() { ["objects"] = new JsonArray([.. items.Select(item => (JsonNode)YamlJson.Text(item))]) }, Options, ManifestChart.Version, secrets);
        }
        catch (PolicyException e)
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
        // The lower tier wins: of two manifests of one object the last counts.
        foreach (var policy in policies.OrderByDescending(policy => policy.Tier ?? DefaultTier))
        {
            var key = new ObjectKey(policy.Namespace is { Length: > 0 } stated ? stated : cluster.Namespace, policy.Name);
            var isSecret = policy.Kind == CoreKinds.Secrets.Kind;
            if ((!isSecret && policy.Kind != CoreKinds.ConfigMaps.Kind) || policy.DeploymentType == "Local" || policy.RemoteUrl is not null)
                throw new PolicyException($"policyRefs: {policy.Kind} {key} cannot be used in this version: only ConfigMaps and Secrets whose manifests go to the managed cluster can", true);
            if (await rights.ProblemAsync(set, cluster, policy.Kind, key, ct) is { } problem)
                throw new PolicyException($"policyRefs: {problem}", true);
            if (await management.Dynamic(isSecret ? CoreKinds.Secrets : CoreKinds.ConfigMaps).GetAsync(key, ct) is not { } source)
            {
                if (policy.Optional == true)
                    continue;
                throw new PolicyException($"policyRefs: {policy.Kind} {key} does not exist", false);
            }

            var isTemplate = source.Metadata.Annotations?.ContainsKey(SourceText.TemplateAnnotation) == true;
            foreach (var (name, value) in (source.At("data") as JsonObject ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                var text = isSecret ? Encoding.UTF8.GetString(Convert.FromBase64String((string?)value ?? "")) : (string?)value ?? "";
                texts.Add(new($"{policy.Kind} {key}, key {name}", text, isTemplate));
            }
        }

        return texts.Sum(text => text.Text.Length) <= MostCharacters ? texts : throw new PolicyException($"policyRefs: more than {MostCharacters} characters together", true);
    }

    private static IReadOnlyList<JsonObject> Objects(SourceText text, RenderResult result)
    {
        try
        {
            return [.. KubernetesYaml.ReadAll(result.Text ?? throw new PolicyException($"policyRefs: {text.Name}: {result.Error}", true))];
        }
        catch (KubernetesYamlException e)
        {
            throw new PolicyException($"policyRefs: {text.Name}: {e.Message}", true);
        }
    }
}

/// <summary>The manifests cannot be made. A fault is for a person to repair; anything else may come by itself.</summary>
internal sealed class PolicyException(string message, bool isFault) : Exception(message)
{
    public bool IsFault => isFault;
}
