namespace Fleet.Control.Status;

/// <summary>
/// Writes status as a merge patch of the owned fields and conditions only. Nothing to change → no call. Shutdown does not cancel a write:
/// its own short time-out bounds it. A concurrent change of the list of conditions is read again and merged.
/// After a write the resourceVersion of the change's metadata is that of the written object, so that a reconciler can write again.
/// </summary>
public interface IStatusWriter
{
    Task<StatusWriteResult> WriteAsync(StatusChange change);
}
