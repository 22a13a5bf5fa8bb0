using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Kinds;

/// <summary>What differs between kinds when they are written: the way from a kind to its defaults and its checks.</summary>
internal static class KindRules
{
    private static readonly HashSet<string> WithGeneration = new(StringComparer.Ordinal)
    {
        "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Ingress", "NetworkPolicy", "PodDisruptionBudget", "Job",
        "CronJob", "CustomResourceDefinition", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding", "Pod", "EndpointSlice", "IngressClass", "PriorityClass",
    };

    public static bool HasGeneration(KindInfo kind) => kind.Custom is not null || WithGeneration.Contains(kind.Kind);

    /// <summary>The server itself writes the first status of these.</summary>
    public static bool KeepsStatusOnCreate(KindInfo kind) => kind.Custom is null && kind.Kind is "Node" or "APIService";

    public static void Default(KindInfo kind, JsonObject body, JsonObject? old, WriteContext context)
    {
    }

    public static void Validate(KindInfo kind, JsonObject body, JsonObject? old, WriteContext context, List<ApiStatusCause> causes)
    {
    }
}
