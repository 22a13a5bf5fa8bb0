using System.Text.Json.Nodes;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Access;

/// <summary>Carries out a plan, step by step; a step that fails is told and does not hold up the others.</summary>
internal sealed class AccessApplier(IKubernetesClient client)
{
    public async Task<IReadOnlyList<KindProblem>> ApplyAsync(AccessPlan plan, GrainOwnership ownership, CancellationToken ct)
    {
        var failures = new List<KindProblem>();
        foreach (var step in plan.Steps)
        {
            try
            {
                ownership.EnsureCurrent();
                await ApplyAsync(step, ct);
            }
            catch (KubeApiException e)
            {
                failures.Add(new(step.Kind.Group, step.Kind.Kind, $"{step.Kind.Kind} {step.Target}: {e.Message}"));
            }
        }
        return failures;
    }

    private async Task ApplyAsync(CopyStep step, CancellationToken ct)
    {
        var objects = client.Dynamic(step.Kind);
        switch (step.Action)
        {
            case CopyAction.Create:
                await objects.CreateAsync(new(step.Object!), ct);
                break;
            case CopyAction.Update:
                // With the resourceVersion that was read: what somebody changes meanwhile is looked at again.
                await objects.UpdateAsync(new(step.Object!), ct);
                break;
            case CopyAction.Replace:
                await RemoveAsync(step, DeletionPropagation.Orphan, ct);
                // While the old one is still going, this fails and comes again.
                await objects.CreateAsync(new(step.Object!), ct);
                break;
            case CopyAction.Delete:
                await RemoveAsync(step, DeletionPropagation.Background, ct);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step.Action, "unknown action");
        }
    }

    // Never what somebody has changed since it was read. What belongs to a chain is taken out of it first: admission refuses to take it from under one.
    private async Task RemoveAsync(CopyStep step, DeletionPropagation propagation, CancellationToken ct)
    {
        var version = step.Existing!.ResourceVersion;
        if (step.Existing.OwnerReferences is { Count: > 0 })
        {
            var freed = await client.Dynamic(step.Kind).PatchAsync(
                step.Target,
                Patch.Merge(new() { ["metadata"] = new JsonObject { ["uid"] = step.Existing.Uid, ["resourceVersion"] = version, ["ownerReferences"] = null } }),
                PatchOptions.Default, ct);
            version = freed.Metadata.ResourceVersion;
        }
        await client.Dynamic(step.Kind).DeleteAsync(step.Target, new() { Uid = step.Existing.Uid, ResourceVersion = version, Propagation = propagation }, ct);
    }
}
