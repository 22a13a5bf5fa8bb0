using Fleet.Control.Access;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Api;

/// <summary>Of objects that are known here, those of the namespaces in which a caller may list their kind.</summary>
internal static class ListedObjects
{
    /// <returns>By namespace and name.</returns>
    public static async Task<IReadOnlyList<T>> OfAsync<T>(Caller caller, CallerAccess access, ResourceKind kind, IEnumerable<T> objects, Func<T, ObjectKey> key, CancellationToken ct)
    {
        var everywhere = new AccessQuestion("list", kind, "");
        var all = objects.OrderBy(key).ToList();
        if (await access.MayAsync(caller, everywhere, fresh: false, ct))
            return all;
        var listed = new List<T>();
        foreach (var group in all.GroupBy(one => key(one).Namespace))
            if (await access.MayAsync(caller, everywhere with { Namespace = group.Key }, fresh: false, ct))
                listed.AddRange(group);
        return listed;
    }
}
