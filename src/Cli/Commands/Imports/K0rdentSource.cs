using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Output;
using Fleet.Control.Kinds;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Imports;

/// <summary>Where k0rdent's objects are read from: a management cluster, or files. It is only ever read.</summary>
internal static class K0rdentSource
{
    private static readonly (string Group, string[] Versions, string[] Kinds)[] Sources =
        [("source.toolkit.fluxcd.io", ["v1", "v1beta2"], ["HelmRepository", "GitRepository", "OCIRepository", "Bucket"])];

    public static IReadOnlyList<DynamicObject> FromFiles(IEnumerable<string> files) => [.. Manifests.Read(files).Select(manifest => manifest.Object)];

    public static async Task<IReadOnlyList<DynamicObject>> FromClusterAsync(string kubeconfig, string? context, CancellationToken ct)
    {
        try
        {
            using var client = KubernetesClient.Create(
                KubeConfig.LoadEndpoint(new() { Paths = [kubeconfig], Context = context }), new KubernetesClientOptions { UserAgent = "fleet-cli", ReadRetries = 2 });
            return await ReadAsync(client, ct);
        }
        catch (KubeConfigException error)
        {
            throw new CommandException(error.Message);
        }
    }

    /// <summary>Of Secrets and ConfigMaps only those that something refers to, each asked for by its name.</summary>
    private static async Task<IReadOnlyList<DynamicObject>> ReadAsync(IKubernetesClient client, CancellationToken ct)
    {
        var found = new List<DynamicObject>();
        foreach (var kind in K0rdentImport.Kinds.Where(kind => !Sources[0].Kinds.Contains(kind)))
            found.AddRange(await ListAsync(client, K0rdentImport.Group, ["v1beta1", "v1alpha1"], kind, ct));
        if (found.Count == 0)
            throw new CommandException("That cluster has no object of k0rdent, or you may not read them.");
        foreach (var (group, versions, kinds) in Sources)
            foreach (var kind in kinds)
                found.AddRange(await ListAsync(client, group, versions, kind, ct));
        var references = found.SelectMany(item => K0rdentImport.References(item.Root, item.Key.Namespace))
            .Concat(found.Where(item => item.Kind == "ClusterDeployment").Select(item => ("Secret", new ObjectKey(item.Key.Namespace, item.Key.Name + "-kubeconfig"))))
            .Distinct().ToList();
        var identities = found.Where(item => item.Kind == "Credential").Select(item => item.At("spec", "identityRef")).OfType<JsonObject>()
            .Where(reference => (string?)reference["kind"] is not ("Secret" or "ConfigMap")).ToList();
        foreach (var (kind, key) in references)
            if (await client.Dynamic(kind == "Secret" ? CoreKinds.Secrets : CoreKinds.ConfigMaps).GetAsync(key, ct) is { } other)
                found.Add(Named(other, "v1", kind));
        foreach (var identity in identities)
            await AddIdentityAsync(client, found, identity, ct);
        return found;
    }

    /// <summary>AWSClusterStaticIdentity and its like, and the Secrets that they name in turn.</summary>
    private static async Task AddIdentityAsync(IKubernetesClient client, List<DynamicObject> found, JsonObject reference, CancellationToken ct)
    {
        var (version, kind, name, @namespace) = ((string?)reference["apiVersion"], (string?)reference["kind"], (string?)reference["name"], (string?)reference["namespace"] ?? "");
        if (version is null || kind is null || name is null || await client.FindKindAsync(GroupVersionKind.Parse(version, kind), ct) is not { } resource)
            return;
        var key = new ObjectKey(resource.Namespaced ? @namespace : "", name);
        if (found.Any(item => item.Kind == kind && item.Key == key) || await client.Dynamic(resource).GetAsync(key, ct) is not { } identity)
            return;
        found.Add(Named(identity, version, kind));
        foreach (var (_, secret) in K0rdentImport.References(identity.Root, key.Namespace))
            if (!found.Any(item => item.Kind == "Secret" && item.Key == secret) && await client.Dynamic(CoreKinds.Secrets).GetAsync(secret, ct) is { } read)
                found.Add(Named(read, "v1", "Secret"));
    }

    private static async Task<IEnumerable<DynamicObject>> ListAsync(IKubernetesClient client, string group, string[] versions, string kind, CancellationToken ct)
    {
        foreach (var version in versions)
            if (await client.FindKindAsync(new GroupVersionKind(group, version, kind), ct) is { } resource)
                return (await client.Dynamic(resource).ListAsync(new(), ct)).Items.Select(item => Named(item, $"{group}/{version}", kind));
        return [];
    }

    /// <summary>Items of a list do not say what they are.</summary>
    private static DynamicObject Named(DynamicObject item, string apiVersion, string kind)
    {
        item.Root["apiVersion"] = apiVersion;
        item.Root["kind"] = kind;
        return item;
    }
}
