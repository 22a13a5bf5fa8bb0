using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.Fencing;

/// <summary>What a cluster said last about who looks after it. Belongs to its connection, and is used in the grain's turn only.</summary>
internal sealed class FenceMemory
{
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>Why the mark could not be set; empty when there was none to set, or it is.</summary>
    public string Remark { get; set; } = "";
}

/// <summary>Asks a cluster whether this management cluster is still the one that looks after it, and marks it after a restore.</summary>
internal sealed class ClusterFence(IKubernetesClient management, TimeProvider clock)
{
    /// <summary>An old management cluster that was only cut off, and is still connected, stops within it. One small GET for each cluster that is worked on.</summary>
    internal static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);

    private static readonly ObjectKey System = ObjectKey.Cluster("kube-system");

    private string? plane;

    /// <returns>The plan that was carried out; with <see cref="FenceAction.StayAway"/> nothing may be done to the cluster.</returns>
    /// <exception cref="KubeApiException">One of the two clusters did not answer.</exception>
    public async Task<FencePlan> CheckAsync(ObjectKey cluster, IKubernetesClient client, FenceMemory memory, CancellationToken ct)
    {
        if (memory.AskedAt is { } asked && clock.GetUtcNow() - asked < AskAgainAfter)
            return new(FenceAction.Act, memory.Remark);
        var annotations = (await management.Resource(FleetKinds.ClusterDeployments).GetAsync(cluster, ct))?.Metadata.Annotations;
        var own = new PlaneMark(PlaneMark.EpochOf(annotations?.GetValueOrDefault(FleetAnnotations.ManagementEpoch)), await PlaneAsync(ct));
        var system = await client.Dynamic(CoreKinds.Namespaces).GetAsync(System, ct) ?? throw new KubeApiException(404, "NotFound", "the cluster has no namespace kube-system");
        var isPaused = annotations?.GetValueOrDefault(FleetAnnotations.Paused) is { } paused && !string.Equals(paused, "false", StringComparison.OrdinalIgnoreCase);
        var plan = FencePlanner.Plan(PlaneMark.Of(system.Metadata), own, isPaused);
        if (plan.Action == FenceAction.Claim)
            plan = plan with { Message = await ClaimAsync(client, system, own, ct) };
        if (plan.Action is FenceAction.Act or FenceAction.Claim)
            (memory.AskedAt, memory.Remark) = (clock.GetUtcNow(), plan.Message);
        return plan;
    }

    /// <summary>Two that claim at once: the later write finds another version, and asks again.</summary>
    private static async Task<string> ClaimAsync(IKubernetesClient client, DynamicObject system, PlaneMark own, CancellationToken ct)
    {
        try
        {
            await client.Dynamic(CoreKinds.Namespaces).PatchAsync(
                System,
                Patch.Merge(new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["resourceVersion"] = system.Metadata.ResourceVersion, ["annotations"] = new JsonObject { [FleetAnnotations.ManagementEpoch] = own.Text },
                    },
                }),
                new() { FieldManager = "fleet-state-manager" }, ct);
            return "";
        }
        catch (KubeApiException e) when (!e.IsTransient && !e.IsConflict)
        {
            // A kubeconfig with few rights: it must not cost the cluster its services.
            return $"it could not be marked as looked after from here, so a management cluster that comes back is not kept away: {e.Message}";
        }
    }

    private async Task<string> PlaneAsync(CancellationToken ct) =>
        plane ??= (await management.Dynamic(CoreKinds.Namespaces).GetAsync(System, ct))?.Metadata.Uid
            ?? throw new KubeApiException(404, "NotFound", "the management cluster has no namespace kube-system, by whose uid it is known");
}
