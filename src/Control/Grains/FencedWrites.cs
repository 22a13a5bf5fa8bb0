using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Grains;

/// <summary>
/// Writes of a grain's owner that the store refuses from an owner that was superseded: the object is read, ownership is proven from the store, and the write is of the version that
/// was read. Whoever took over after the proof either has written the object, which makes ours a conflict, or has not, and then nothing of theirs is overwritten. What was planned
/// from a version that the caller has read, and writes under it, needs none of this. A conflict is read and proven again, a few times; then it is thrown.
/// </summary>
/// <remarks>Throws <see cref="GrainElsewhereException"/> when ownership is lost and <see cref="KubeApiException"/> for what the server refuses.</remarks>
public static class FencedWrites
{
    /// <summary>Each conflict means that somebody else's write succeeded; the next turn plans from what they made of it.</summary>
    private const int Attempts = 3;

    /// <summary>
    /// Server-side apply of exactly the given fields. An object that is not there is made by POST, which refuses one that somebody else has made meanwhile; an apply knows no such
    /// condition.
    /// </summary>
    public static Task<DynamicObject> ApplyFencedAsync(
        this IResourceClient<DynamicObject> objects, JsonObject fields, ApplyOptions options, GrainOwnership ownership, CancellationToken ct)
    {
        var key = new ObjectKey((string?)fields["metadata"]?["namespace"] ?? "", (string?)fields["metadata"]?["name"] ?? "");
        return RepeatAsync(async () =>
        {
            var seen = await objects.GetAsync(key, ct);
            await ownership.ProveAsync(ct);
            if (seen is null)
                return await objects.MakeAppliedAsync(fields, options.FieldManager, ct);
            seen = await AppliedFields.TakeAsync(objects, seen, options.FieldManager, ct);
            var body = fields.DeepClone().AsObject();
            body["metadata"]!["uid"] = seen.Metadata.Uid;
            body["metadata"]!["resourceVersion"] = seen.Metadata.ResourceVersion;
            return await objects.ApplyAsync(body, options, ct);
        });
    }

    /// <summary>Makes what is not there by POST, such that later applies of the manager own its fields. Ownership is proven before, by the caller.</summary>
    public static async Task<DynamicObject> MakeAppliedAsync(this IResourceClient<DynamicObject> objects, JsonObject fields, string manager, CancellationToken ct)
    {
        var made = await objects.CreateAsync(new(fields.DeepClone().AsObject()), AppliedFields.Maker(manager), ct);
        return await AppliedFields.TakeAsync(objects, made, manager, ct);
    }

    /// <summary>Merge patch of the very object; null when it is gone, or another one has its name.</summary>
    /// <param name="objects">Where it is.</param>
    /// <param name="key">Its name.</param>
    /// <param name="uid">Which one; null: whichever has the name.</param>
    /// <param name="patch">Merged into it. May state metadata, but no lists that others write as well: they would have to be read first.</param>
    /// <param name="options">Of the patch.</param>
    /// <param name="ownership">Of the writer.</param>
    /// <param name="ct">Gives up.</param>
    public static Task<T?> PatchFencedAsync<T>(
        this IResourceClient<T> objects, ObjectKey key, string? uid, JsonObject patch, PatchOptions options, GrainOwnership ownership, CancellationToken ct)
        where T : class, IKubernetesObject => RepeatAsync(async () =>
        {
            if (await objects.GetAsync(key, ct) is not { } seen || (uid is not null && seen.Metadata.Uid != uid))
                return null;
            await ownership.ProveAsync(ct);
            var body = patch.DeepClone().AsObject();
            if (body["metadata"] is not JsonObject metadata)
                body["metadata"] = metadata = [];
            metadata["uid"] = seen.Metadata.Uid;
            metadata["resourceVersion"] = seen.Metadata.ResourceVersion;
            try
            {
                return await objects.PatchAsync(key, Patch.Merge(body), options, ct);
            }
            catch (KubeApiException e) when (e.IsNotFound)
            {
                return null;
            }
        });

    /// <summary>Deletes the very object. False when it is gone, or another one has its name.</summary>
    /// <param name="objects">Where it is.</param>
    /// <param name="key">Its name.</param>
    /// <param name="uid">Which one; null: whichever has the name.</param>
    /// <param name="options">How; preconditions are added.</param>
    /// <param name="ownership">Of the writer.</param>
    /// <param name="ct">Gives up.</param>
    public static Task<bool> DeleteFencedAsync<T>(
        this IResourceClient<T> objects, ObjectKey key, string? uid, DeleteOptions options, GrainOwnership ownership, CancellationToken ct)
        where T : class, IKubernetesObject => RepeatAsync(async () =>
        {
            if (await objects.GetAsync(key, ct) is not { } seen || (uid is not null && seen.Metadata.Uid != uid))
                return false;
            await ownership.ProveAsync(ct);
            return await objects.DeleteAsync(key, options with { Uid = seen.Metadata.Uid, ResourceVersion = seen.Metadata.ResourceVersion }, ct);
        });

    private static async Task<T> RepeatAsync<T>(Func<Task<T>> write)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await write();
            }
            catch (KubeApiException e) when ((e.IsConflict || e.IsAlreadyExists) && attempt < Attempts)
            {
                // Read again.
            }
        }
    }
}
