using System.Text.Json.Nodes;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Rest;

/// <summary>Changes of objects that callers ask for, with the version they have seen as the precondition.</summary>
public static class ObjectWrites
{
    /// <summary>Owner of the fields in managedFields.</summary>
    public const string FieldManager = "fleet-api";

    /// <param name="wanted">From <c>If-Match</c>; null: whatever is there.</param>
    public static Task<DynamicObject> PatchAsync(
        ApiCall call, IKubernetesClient client, ResourceKind kind, DynamicObject before, JsonObject patch, string? wanted, bool dryRun, CancellationToken ct)
    {
        RequireVersion(before, wanted);
        return call.WriteAsync(
            new("patch", kind, before.Key.Namespace, before.Key.Name),
            before.Root,
            dryRun,
            async () =>
            {
                var after = await PatchAsync(client, kind, before, patch, wanted, dryRun);
                return (after, after.Root);
            },
            ct);
    }

    /// <param name="mark">Written before, because the deletion reads it from the object; null: nothing.</param>
    /// <returns>The object as it is afterwards; as it was where nothing had to be waited for.</returns>
    public static Task<DynamicObject> DeleteAsync(
        ApiCall call, IKubernetesClient client, ResourceKind kind, DynamicObject before, JsonObject? mark, string? wanted, bool dryRun, CancellationToken ct)
    {
        RequireVersion(before, wanted);
        return call.WriteAsync(
            new("delete", kind, before.Key.Namespace, before.Key.Name),
            before.Root,
            dryRun,
            async () =>
            {
                var marked = mark is null ? before : await PatchAsync(client, kind, before, mark, wanted, dryRun);
                // A dry patch has not made the version that it answers with.
                var options = new DeleteOptions { Uid = before.Metadata.Uid, ResourceVersion = wanted is null || dryRun ? wanted : marked.Metadata.ResourceVersion, DryRun = dryRun };
                if (!await client.Dynamic(kind).DeleteAsync(before.Key, options, CancellationToken.None))
                    throw new ProblemException(ProblemKind.NotFound, $"there is no {kind.Kind} {before.Key}");
                var after = await client.Dynamic(kind).GetAsync(before.Key, CancellationToken.None);
                return (after ?? marked, after?.Root);
            },
            ct);
    }

    /// <summary>Says early what the server would say later.</summary>
    public static void RequireVersion(DynamicObject item, string? wanted)
    {
        if (wanted is not null && wanted != item.Metadata.ResourceVersion)
            throw new ProblemException(ProblemKind.PreconditionFailed, $"{item.Key} has changed since: it is at version {item.Metadata.ResourceVersion} now");
    }

    private static Task<DynamicObject> PatchAsync(IKubernetesClient client, ResourceKind kind, DynamicObject before, JsonObject patch, string? wanted, bool dryRun)
    {
        // The precondition is the server's to check, so that nobody can come in between. The UID keeps a patch from a namesake.
        var body = patch.DeepClone().AsObject();
        var metadata = (body["metadata"] as JsonObject)?.DeepClone().AsObject() ?? [];
        metadata["uid"] = before.Metadata.Uid;
        if (wanted is not null)
            metadata["resourceVersion"] = wanted;
        body["metadata"] = metadata;
        return client.Dynamic(kind).PatchAsync(before.Key, Patch.Merge(body), new() { FieldManager = FieldManager, DryRun = dryRun }, CancellationToken.None);
    }
}
