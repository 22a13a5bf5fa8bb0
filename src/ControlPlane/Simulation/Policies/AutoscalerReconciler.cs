using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Policies;

/// <summary>
/// The least of a HorizontalPodAutoscaler: keeps its target within the bounds and shows the sizes. It follows no load, because simulated load is made up.
/// </summary>
internal sealed class AutoscalerReconciler : WorkloadReconciler
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.HorizontalPodAutoscaler, key) is not { } scaler || scaler.IsDeleting())
            return null;
        var kind = scaler.Text("spec", "scaleTargetRef", "kind") switch
        {
            "Deployment" => CoreKinds.Deployment,
            "StatefulSet" => CoreKinds.StatefulSet,
            "ReplicaSet" => CoreKinds.ReplicaSet,
            _ => null,
        };
        var name = new ObjectKey(key.Namespace, scaler.Text("spec", "scaleTargetRef", "name") ?? "");
        var target = kind is null ? null : cluster.Api.Get(kind, name);
        var status = new JsonObject
        {
            ["conditions"] = scaler.At("status", "conditions")?.DeepClone() ?? new JsonArray(),
            ["currentReplicas"] = target?.Number("status", "replicas") ?? 0,
            ["desiredReplicas"] = 0,
        };
        if (target is null)
        {
            status.SetCondition(Condition.False("AbleToScale", "FailedGetScale", $"the HPA controller was unable to get the target's current scale: {name.Name} not found"), cluster.Now);
        }
        else
        {
            var current = target.Number("spec", "replicas") ?? 1;
            var minimum = scaler.Number("spec", "minReplicas") ?? 1;
            var wanted = current == 0 ? 0 : Math.Clamp(current, minimum, Math.Max(minimum, scaler.Number("spec", "maxReplicas") ?? minimum));
            status["desiredReplicas"] = wanted;
            status.SetCondition(Condition.True("AbleToScale", "ReadyForNewScale", "recommended size matches current size"), cluster.Now);
            status.SetCondition(Condition.Of("ScalingActive", current > 0, current > 0 ? "ValidMetricFound" : "ScalingDisabled"), cluster.Now);
            status.SetCondition(Condition.False("ScalingLimited", "DesiredWithinRange", "the desired count is within the acceptable range"), cluster.Now);
            if (wanted != current)
                await cluster.Api.ChangeAsync(kind!, name, t => t.Ensure("spec").Put("replicas", wanted), status: false, ct);
        }
        await cluster.Api.ChangeAsync(CoreKinds.HorizontalPodAutoscaler, key, s => s.Put("status", status), status: true, ct);
        return Interval;
    }
}
