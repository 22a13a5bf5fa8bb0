using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Inventory;

/// <summary>
/// What is kept of a watched object beside its content: the one seam by which something else than drift (health) uses the same watches. It is given
/// the whole object, status and all, each time it changes; what it returns is in <see cref="LiveObject.Projected"/> of <see cref="ClusterInventory.ObjectsOf"/>.
/// <list type="bullet">
/// <item>It is called on the watch's own task: it must be pure, quick and must not throw nor hold on to the object.</item>
/// <item>A change is told (and the ServiceSets of the cluster reconciled) when the result is not equal to the one before: return records of values.</item>
/// <item>When its own rules change, <see cref="ClusterInventory.RenewAsync"/> has every object of a kind projected anew.</item>
/// </list>
/// </summary>
internal delegate object? ObjectProjection(ResourceKind kind, DynamicObject live);
