using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Lifecycle;

/// <summary>One entry of metadata.ownerReferences.</summary>
internal readonly record struct OwnerEntry(string ApiVersion, string Kind, string Name, string Uid, bool Blocks);

internal static class OwnerReferences
{
    public static IEnumerable<OwnerEntry> Of(StoredObject item) => item.OwnerUids is null ? [] : Of(item.Parse());

    public static IEnumerable<OwnerEntry> Of(JsonObject body) =>
        (body["metadata"]?["ownerReferences"] as JsonArray ?? []).Select(o => new OwnerEntry(
            o?["apiVersion"].Text() ?? "", o?["kind"].Text() ?? "", o?["name"].Text() ?? "", o?["uid"].Text() ?? "", o?["blockOwnerDeletion"].IsTrue() ?? false));

    /// <summary>The kind in the named version, or in any other served one; null when nobody serves it.</summary>
    public static KindInfo? KindOf(Cluster cluster, OwnerEntry owner)
    {
        var named = GroupVersionKind.Parse(owner.ApiVersion, owner.Kind);
        return cluster.Catalog.Find(named) ?? cluster.Catalog.All.FirstOrDefault(k => k.Group == named.Group && k.Kind == named.Kind);
    }
}
