using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Grains;

/// <summary>
/// What a POST has made belongs to its field manager as by an update, and a later apply would leave such fields behind that it no longer states. So objects are made under a name
/// of its own, and that entry becomes the manager's apply, as kubectl does with what older versions of it wrote: at once, or before the next apply should the writer die in between.
/// </summary>
internal static class AppliedFields
{
    /// <summary>The manager under whose name objects are made that <paramref name="manager"/> applies.</summary>
    public static string Maker(string manager) => manager + "-new";

    /// <summary>The object as it is then. Nothing is written when it was not made here, or was handed over.</summary>
    /// <exception cref="KubeApiException">Somebody has written it since it was read.</exception>
    public static async Task<DynamicObject> TakeAsync(IResourceClient<DynamicObject> objects, DynamicObject seen, string manager, CancellationToken ct)
    {
        var maker = Maker(manager);
        var entries = seen.At("metadata", "managedFields") as JsonArray ?? [];
        var place = Enumerable.Range(0, entries.Count).FirstOrDefault(i => (string?)entries[i]?["manager"] == maker, -1);
        if (place < 0)
            return seen;
        var path = $"/metadata/managedFields/{place}/";
        var steps = new JsonArray(
            Replace(path + "manager", manager),
            Replace(path + "operation", "Apply"),
            // Stated, it is the version that the patch is of.
            Replace("/metadata/resourceVersion", seen.Metadata.ResourceVersion));
        return await objects.PatchAsync(seen.Key, Patch.Json(steps), new() { FieldManager = manager }, ct);
    }

    private static JsonObject Replace(string path, string? value) => new() { ["op"] = "replace", ["path"] = path, ["value"] = value };
}
