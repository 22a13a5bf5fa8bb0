using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Credentials.Copies;

/// <summary>Carries out what the planner says about one copy, in whichever cluster it is.</summary>
internal static class CopyWrites
{
    public static async Task TakeAsync(
        IKubernetesClient client, ResourceKind kind, ObjectKey target, DynamicObject? existing, CopyStep step, GrainOwnership ownership, CancellationToken ct)
    {
        if (step.Action == CopyAction.Keep)
            return;
        ownership.EnsureCurrent();
        switch (step.Action)
        {
            case CopyAction.Create:
                await client.Dynamic(kind).CreateAsync(new(step.Object!), ct);
                break;
            case CopyAction.Update or CopyAction.Release:
                // Read, changed and written with its resourceVersion: another Credential's label is never lost.
                await client.Dynamic(kind).UpdateAsync(new(step.Object!), ct);
                break;
            case CopyAction.Delete:
                await client.Dynamic(kind).DeleteAsync(target, new() { Uid = existing!.Metadata.Uid, ResourceVersion = existing.Metadata.ResourceVersion }, ct);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step.Action, "unknown action");
        }
    }
}
