using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.Control.Watching;

/// <summary>Which changes of an object matter to its own reconciler.</summary>
public static class Changes
{
    /// <summary>
    /// The key when somebody else than the status writer has changed the object: spec (generation), deletion, finalizers, labels or annotations.
    /// </summary>
    public static IEnumerable<ObjectKey> Own<T>(InformerEvent<T> change)
        where T : class, IKubernetesObject =>
        change.Type == InformerEventType.Updated && SameButStatus(change.Previous!.Metadata, change.Item.Metadata) ? [] : [change.Key];

    private static bool SameButStatus(ObjectMeta a, ObjectMeta b) =>
        a.Uid == b.Uid
        && a.Generation == b.Generation
        && a.DeletionTimestamp == b.DeletionTimestamp
        && Same(a.Labels, b.Labels)
        && Same(a.Annotations, b.Annotations)
        && (a.Finalizers ?? []).SequenceEqual(b.Finalizers ?? []);

    private static bool Same(Dictionary<string, string>? a, Dictionary<string, string>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a ?? []).All(p => b!.TryGetValue(p.Key, out var value) && value == p.Value);
}
