using System.Text.Json.Nodes;
using Fleet.Cost.Packing;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Surveys;

/// <summary>Nodes as the packer takes them. Pure.</summary>
internal static class SurveyNode
{
    private static readonly string[] ControlPlane = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

    public static PackingNode Of(DynamicObject node) => new()
    {
        Name = node.Key.Name,
        Allocatable = PodPlacing.Amounts(node.At("status", "allocatable")).ToDictionary(amount => amount.Resource, amount => amount.Amount),
        Labels = node.Metadata.Labels ?? [],
        Taints = [.. SurveyPod.Items(node.At("spec", "taints")).Select(taint => new NodeTaint((string?)taint["key"] ?? "", (string?)taint["value"] ?? "", (string?)taint["effect"] ?? ""))],
        IsUsable = (bool?)node.At("spec", "unschedulable") != true && SurveyPod.Items(node.At("status", "conditions")).Any(IsReady) && node.Metadata.DeletionTimestamp is null,
        IsControlPlane = node.Metadata.Labels is { } labels && ControlPlane.Any(labels.ContainsKey),
    };

    private static bool IsReady(JsonObject condition) => (string?)condition["type"] == "Ready" && (string?)condition["status"] == "True";
}
