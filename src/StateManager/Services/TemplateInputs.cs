using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.References;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Helm.Errors;
using Fleet.Helm.Rendering;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Connections;

namespace Fleet.StateManager.Services;

/// <summary>What the templates of one set can read.</summary>
/// <param name="Root">The objects of the cluster by name, and under <c>Resources</c> what <c>getResource</c> finds.</param>
/// <param name="Secrets">Texts out of Secrets, which no message may show.</param>
internal sealed record TemplateInputs(JsonObject Root, IReadOnlyCollection<string> Secrets)
{
    private static readonly string[] Noise = ["resourceVersion", "managedFields", "generation"];

    /// <summary>Equal for inputs that give equal texts. Versions and field managers change with every heartbeat of a status, and no template means them.</summary>
    public string Hash(IEnumerable<string> texts)
    {
        var copy = (JsonObject)Root.DeepClone();
        foreach (var item in copy.Concat(copy["Resources"] as JsonObject ?? []).Select(pair => pair.Value).OfType<JsonObject>())
            if (item["metadata"] is JsonObject metadata)
                foreach (var field in Noise)
                    metadata.Remove(field);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', texts.Append(copy.ToJsonString())))));
    }
}

/// <summary>Reads what the templates of a set ask for: the cluster's own objects, and those that templateResourceRefs name.</summary>
internal sealed class TemplateInputsReader(IKubernetesClient management, TemplateContext context, ITemplateRenderer renderer, ReferenceRights rights)
{
    /// <exception cref="TemplateInputsException">An object that is named is not there, or may not be read.</exception>
    public async Task<TemplateInputs> ReadAsync(
        ServiceSet set, ObjectKey cluster, IReadOnlyList<TemplateResourceReference> references, PostedSources posted, CancellationToken ct)
    {
        var root = await ContextAsync(cluster, ct);
        var secrets = new HashSet<string>();
        var resources = new JsonObject();
        foreach (var reference in references)
            if (await FindAsync(set, cluster, reference, root, posted, ct) is { } found)
            {
                resources[reference.Identifier] = found.Root.DeepClone();
                if (reference.Resource.Kind == CoreKinds.Secrets.Kind)
                    secrets.UnionWith(SecretTexts.Of(found.Root));
            }
        root["Resources"] = resources;
        return new(root, secrets);
    }

    private async Task<JsonObject> ContextAsync(ObjectKey cluster, CancellationToken ct)
    {
        try
        {
            return await context.ReadAsync(cluster, ct);
        }
        catch (RegionNotReachableException e)
        {
            throw new TemplateInputsException($"the cluster's objects can not be read now: {e.Message}", isFault: false);
        }
    }

    private async Task<DynamicObject?> FindAsync(ServiceSet set, ObjectKey cluster, TemplateResourceReference reference, JsonObject root, PostedSources posted, CancellationToken ct)
    {
        var wanted = await NamesAsync(reference, root, ct);
        var kind = wanted.ApiVersion is { Length: > 0 } version && wanted.Kind is { Length: > 0 } name ? await management.FindKindAsync(GroupVersionKind.Parse(version, name), ct) : null;
        var key = kind is { Namespaced: false } ? ObjectKey.Cluster(wanted.Name ?? "") : new(wanted.Namespace is { Length: > 0 } stated ? stated : cluster.Namespace, wanted.Name ?? "");
        var what = $"templateResourceRefs: {reference.Identifier}:";
        if (await rights.ProblemAsync(set, cluster, wanted.Kind ?? "", key, ct) is { } problem)
            throw new TemplateInputsException($"{what} {problem}", isFault: true);
        var found = kind is null ? null : kind.Group.Length == 0 && posted.Source(kind.Kind, key) is { } preview ? preview : await management.Dynamic(kind).GetAsync(key, ct);
        return found is null && reference.Optional != true
            ? throw new TemplateInputsException(kind is null ? $"{what} there is no kind {wanted.ApiVersion} {wanted.Kind}" : $"{what} {wanted.Kind} {key} does not exist", isFault: false)
            : found;
    }

    /// <summary>Name and namespace of a reference may be templates over the cluster's objects.</summary>
    private async Task<ObjectReference> NamesAsync(TemplateResourceReference reference, JsonObject root, CancellationToken ct)
    {
        var resource = reference.Resource;
        string[] names = [resource.Name ?? "", resource.Namespace ?? ""];
        if (!names.Any(name => name.Contains("{{", StringComparison.Ordinal)))
            return resource;
        try
        {
            var results = await renderer.RenderAsync([.. names.Select(name => new RenderText(name, root))], ct);
            return results.FirstOrDefault(result => result.Error is not null) is { } failed
                ? throw new TemplateInputsException($"templateResourceRefs: {reference.Identifier}: {failed.Error}", isFault: true)
                : resource with { Name = results[0].Text?.Trim(), Namespace = results[1].Text?.Trim() };
        }
        catch (HelmException e)
        {
            throw new TemplateInputsException($"templateResourceRefs: {reference.Identifier}: {e.Message}", !e.IsTransient);
        }
    }
}

/// <summary>Templates lack something that they name. A fault is for a person to repair; anything else may come by itself.</summary>
internal sealed class TemplateInputsException(string message, bool isFault) : Exception(message)
{
    public bool IsFault => isFault;
}
