namespace Fleet.Control.Status;

/// <summary>
/// Writes status as a merge patch of the owned fields and conditions only. Nothing to change → no call. Shutdown does not cancel a write:
/// its own short time-out bounds it. Every write is of the version that was read: an object that has changed is read again, ownership is proven from the store, and the rest is
/// merged, a few times; after that the conflict is thrown, and after a lost proof <see cref="Grains.GrainElsewhereException"/>.
/// After a write the resourceVersion of the change's metadata is that of the written object, so that a reconciler can write again.
/// </summary>
public interface IStatusWriter
{
    Task<StatusWriteResult> WriteAsync(StatusChange change);
}
