using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Kubernetes.Applying;

/// <summary>Server-side apply that also tells what it did.</summary>
public static class ServerSideApply
{
    /// <summary>
    /// Reads, applies and compares resourceVersions: a server leaves the version alone when nothing changes. Another writer in between makes an
    /// unchanged object look configured, never the other way round.
    /// </summary>
    public static async Task<ApplyResult<T>> ApplyAndCompareAsync<T>(this IResourceClient<T> resources, JsonObject fields, ApplyOptions options, CancellationToken ct)
        where T : class, IKubernetesObject
    {
        var before = await resources.GetAsync(KeyOf(fields), ct);
        var after = await resources.ApplyAsync(fields, options, ct);
        var outcome = before is null || before.Metadata.Uid != after.Metadata.Uid ? ApplyOutcome.Created
            : before.Metadata.ResourceVersion == after.Metadata.ResourceVersion ? ApplyOutcome.Unchanged
            : ApplyOutcome.Configured;
        return new(outcome, after);
    }

    /// <summary>The kind is asked of discovery; an unknown one is a 404 as the server would answer.</summary>
    public static async Task<ApplyResult<DynamicObject>> ApplyManifestAsync(
        this IKubernetesClient client, JsonObject manifest, string defaultNamespace, ApplyOptions options, CancellationToken ct)
    {
        var type = GroupVersionKind.Parse((string?)manifest["apiVersion"] ?? "", (string?)manifest["kind"] ?? "");
        var kind = await client.FindKindAsync(type, ct)
            ?? throw new KubeApiException(404, "NotFound", $"the server has no kind {type}; is its CRD installed?");
        if (kind.Namespaced && manifest["metadata"] is JsonObject metadata && string.IsNullOrEmpty((string?)metadata["namespace"]))
        {
            manifest = manifest.DeepClone().AsObject();
            manifest["metadata"]!["namespace"] = defaultNamespace;
        }

        return await client.Dynamic(kind).ApplyAndCompareAsync(manifest, options, ct);
    }

    private static ObjectKey KeyOf(JsonObject fields)
        => new((string?)fields["metadata"]?["namespace"] ?? "", (string?)fields["metadata"]?["name"] ?? "");
}
