using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Recommendations.Storage;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>Reads the machines of a cluster from the management API.</summary>
internal static class NodeScalingReader
{
    private const string Group = "cluster.x-k8s.io";

    public static async Task<ApplyPlan> PlanAsync(IKubernetesClient management, ObjectKey cluster, RecommendationBody body, CancellationToken ct)
    {
        if (await management.Dynamic(FleetKinds.ClusterDeployments.Kind).GetAsync(cluster, ct) is not { } item)
            return ApplyPlan.ByHand("the ClusterDeployment is gone");
        var after = (body.Evidence["proof"]?["after"] as JsonArray ?? []).Select(name => (string?)name ?? "").ToList();
        var (deployments, _) = await ListAsync(management, "machinedeployments", cluster, ct);
        var (machines, kind) = await ListAsync(management, "machines", cluster, ct);
        var (found, reason) = NodeScaling.Of(body.ObjectName, after, item, deployments, machines);
        return found is null ? ApplyPlan.ByHand(reason!) : new() { Nodes = found, MachineKind = kind, Path = ["config", NodeScaling.WorkersField] };
    }

    private static async Task<(IReadOnlyList<DynamicObject> Items, ResourceKind? Kind)> ListAsync(IKubernetesClient management, string plural, ObjectKey cluster, CancellationToken ct) =>
        (await management.Discovery.FindByWordAsync($"{plural}.{Group}", ct))?.Kind is { } kind
            ? ((await management.Dynamic(kind).ListAsync(new() { Namespace = cluster.Namespace, LabelSelector = $"{NodeScaling.ClusterName}={cluster.Name}" }, ct)).Items, kind)
            : ([], null);
}
