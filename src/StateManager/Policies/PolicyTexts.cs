using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Manifests;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Policies;

/// <summary>Reads what policyRefs name: keys of ConfigMaps and Secrets, files of Git repositories, buckets and OCI artifacts.</summary>
internal sealed class PolicyTexts(IKubernetesClient management, PolicyFiles files, RenderedTexts rendered, ReferenceRights rights)
{
    /// <summary>Texts of one set together; etcd takes no larger object either.</summary>
    private const int MostCharacters = 1024 * 1024;

    private const int DefaultTier = 100;

    /// <summary>The texts in the order in which they count, and when a source wants to be looked at again.</summary>
    /// <exception cref="ManifestException">One of them cannot be had.</exception>
    /// <exception cref="TemplateInputsException">A path cannot be rendered.</exception>
    public async Task<(IReadOnlyList<SourceText> Texts, TimeSpan? LookAgainAfter)> ReadAsync(
        ServiceSet set, ObjectKey cluster, IReadOnlyList<PolicyReference> policies, SetMemory memory, HashSet<string> secrets, CancellationToken ct)
    {
        // The lower tier wins: of two manifests of one object that of the last text counts.
        var ordered = policies.OrderByDescending(policy => policy.Tier ?? DefaultTier).ToList();
        var paths = await rendered.OfAsync(set, cluster, [.. ordered.Select(policy => new SourceText("path", policy.Path ?? "", true))], memory.PolicyPaths, secrets, ct);
        var texts = new List<SourceText>();
        TimeSpan? soonest = null;
        foreach (var (policy, path) in ordered.Zip(paths))
        {
            var (read, lookAgainAfter) = await ReadAsync(set, cluster, policy, path.Text ?? throw new ManifestException($"path {policy.Path} cannot be rendered: {path.Error}"), ct);
            texts.AddRange(read);
            soonest = new[] { soonest, lookAgainAfter }.Min();
        }

        return texts.Sum(text => text.Text.Length) <= MostCharacters ? (texts, soonest) : throw new ManifestException($"more than {MostCharacters} characters together");
    }

    private async Task<(IReadOnlyList<SourceText>, TimeSpan?)> ReadAsync(ServiceSet set, ObjectKey cluster, PolicyReference policy, string path, CancellationToken ct)
    {
        var key = new ObjectKey(policy.Namespace is { Length: > 0 } stated ? stated : cluster.Namespace, policy.Name);
        if (policy.DeploymentType == "Local")
            throw new ManifestException($"{policy.Kind} {key}: deploymentType Local would write to the management cluster with Fleet's rights; a MultiClusterService with provider.selfManagement installs there");
        if (policy.RemoteUrl is { } remote)
            return await FilesAsync(Remote(remote), cluster with { Name = set.Metadata.Name ?? "" }, null, path, remote.Template == true, ct);
        if (await rights.ProblemAsync(set, cluster, policy.Kind, key, ct) is { } problem)
            throw new ManifestException(problem);
        if (policy.Kind == CoreKinds.Secrets.Kind || policy.Kind == CoreKinds.ConfigMaps.Kind)
            return (await KeysAsync(policy, key, ct), null);
        if (!PolicyFiles.Kinds.Contains(policy.Kind))
            throw new ManifestException($"{policy.Kind} is no kind of source for policies: {string.Join(", ", PolicyFiles.Kinds)}, ConfigMap and Secret are");
        if (await files.VersionAsync(policy.Kind, key, ct) is not { } version)
            return policy.Optional == true ? ([], null) : throw new ManifestException($"{policy.Kind} {key} does not exist", isFault: false);
        return await FilesAsync(new() { LocalSourceRef = new() { Kind = policy.Kind, Name = key.Name, Namespace = key.Namespace } }, key, version, path, false, ct);
    }

    private async Task<(IReadOnlyList<SourceText>, TimeSpan?)> FilesAsync(SourceSpec spec, ObjectKey key, string? version, string path, bool isTemplate, CancellationToken ct)
    {
        try
        {
            var (source, lookAgainAfter) = await files.FetchAsync(spec, key, version, ct);
            return ([.. ManifestTexts.Below(source, path.Trim()).Select(text => new SourceText(text.Name, text.Text, isTemplate || source.IsTemplate))], lookAgainAfter);
        }
        catch (TemplateChartException e)
        {
            throw new ManifestException(e.Message, !e.MayAppear);
        }
    }

    private async Task<IReadOnlyList<SourceText>> KeysAsync(PolicyReference policy, ObjectKey key, CancellationToken ct)
    {
        if (await management.Dynamic(policy.Kind == CoreKinds.Secrets.Kind ? CoreKinds.Secrets : CoreKinds.ConfigMaps).GetAsync(key, ct) is not { } source)
            return policy.Optional == true ? [] : throw new ManifestException($"{policy.Kind} {key} does not exist", isFault: false);
        var isTemplate = source.Metadata.Annotations?.ContainsKey(FleetAnnotations.SveltosTemplate) == true;
        return [.. DataTexts.Of(source, policy.Kind).Select(text => new SourceText($"{policy.Kind} {key}, key {text.Key}", text.Text, isTemplate))];
    }

    /// <summary>What upstream fetches as one file over HTTP has no revision, and an error page would be a change: sources that have one do.</summary>
    private static SourceSpec Remote(RemoteUrl remote)
    {
        const string Scheme = "oci://";
        if (!remote.Url.StartsWith(Scheme, StringComparison.Ordinal))
            throw new ManifestException("remoteURL: only artifacts of a registry (oci://HOST/REPOSITORY:TAG) can be fetched; for anything else name a GitRepository or a Bucket");
        var colon = remote.Url.LastIndexOf(':');
        var isTagged = colon > remote.Url.LastIndexOf('/');
        return new()
        {
            RemoteSourceSpec = new()
            {
                Oci = new()
                {
                    Url = isTagged ? remote.Url[..colon] : remote.Url,
                    Ref = isTagged ? new() { Tag = remote.Url[(colon + 1)..] } : null,
                    Interval = remote.Interval ?? "",
                    SecretRef = remote.SecretRef,
                    Insecure = remote.PlainHttp,
                },
            },
        };
    }
}
