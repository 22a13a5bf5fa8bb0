using Fleet.Control.Health;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Health.Rules;

namespace Fleet.StateManager.Health;

/// <summary>Reduces a watched object to its health. Pure.</summary>
internal static class HealthProjection
{
    /// <summary>A message of somebody's controller may be a page; what a status shows of one object is a line.</summary>
    private const int LongestReason = 500;

    /// <summary>Kinds that are as they should be by being there.</summary>
    private static readonly HashSet<(string Group, string Kind)> Still =
    [
        ("", "ConfigMap"), ("", "Secret"), ("", "ServiceAccount"), ("", "Endpoints"), ("", "LimitRange"), ("", "ResourceQuota"),
        ("rbac.authorization.k8s.io", "Role"), ("rbac.authorization.k8s.io", "RoleBinding"),
        ("rbac.authorization.k8s.io", "ClusterRole"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"), ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("networking.k8s.io", "IngressClass"), ("storage.k8s.io", "StorageClass"), ("scheduling.k8s.io", "PriorityClass"),
    ];

    /// <summary>Kinds that may be gone because they have done their work: their controllers delete them, or are told to.</summary>
    private static readonly HashSet<(string Group, string Kind)> Passing =
    [
        ("", "Pod"), ("batch", "Job"), ("argoproj.io", "Workflow"), ("argoproj.io", "AnalysisRun"), ("argoproj.io", "Experiment"),
        ("apps.kruise.io", "ImagePullJob"), ("apps.kruise.io", "ImageListPullJob"), ("apps.kruise.io", "BroadcastJob"), ("apps.kruise.io", "ContainerRecreateRequest"),
        ("cert-manager.io", "CertificateRequest"), ("acme.cert-manager.io", "Order"), ("acme.cert-manager.io", "Challenge"),
    ];

    public static bool Matters(GroupVersionKind type) => !Still.Contains((type.Group, type.Kind));

    public static bool MayBeGone(GroupVersionKind type) => Passing.Contains((type.Group, type.Kind));

    /// <summary>Null for kinds that have no health.</summary>
    public static ObjectHealth? Of(ResourceKind kind, DynamicObject live)
    {
        if (!Matters(kind.GroupVersionKind))
            return null;
        var verdict = ObjectHealthRules.Of(live);
        return new ObjectHealth(kind, live.Key, Uid(live), Generation(live), verdict.Verdict, verdict.Verdict == WorkloadVerdict.Healthy ? "" : Short(verdict.Why));
    }

    public static string Uid(DynamicObject live) => ObservedObject.TextOf(live.At("metadata", "uid"));

    public static long Generation(DynamicObject live) => ObservedObject.NumberOf(live.At("metadata", "generation")) ?? 0;

    public static string Short(string why)
    {
        var text = why.Trim();
        return text.Length > LongestReason ? text[..LongestReason] + "…" : text;
    }
}
