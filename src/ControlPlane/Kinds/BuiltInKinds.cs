using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Kinds;

/// <summary>The one table of built-in kinds. Order within a group is the order that discovery shows.</summary>
internal static class BuiltInKinds
{
    private const bool Cluster = false;
    private const bool Namespaced = true;

    public static IReadOnlyList<KindInfo> All { get; } =
    [
        // core/v1
        Row("", "v1", "Binding", "bindings", Namespaced, createOnly: true),
        Row("", "v1", "ConfigMap", "configmaps", Namespaced, "cm"),
        Row("", "v1", "Endpoints", "endpoints", Namespaced, "ep"),
        Row("", "v1", "Event", "events", Namespaced, "ev"),
        Row("", "v1", "LimitRange", "limitranges", Namespaced, "limits"),
        Row("", "v1", "Namespace", "namespaces", Cluster, "ns", subresources: "finalize,status"),
        Row("", "v1", "Node", "nodes", Cluster, "no", subresources: "proxy,status"),
        Row("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", Namespaced, "pvc", subresources: "status"),
        Row("", "v1", "PersistentVolume", "persistentvolumes", Cluster, "pv", subresources: "status"),
        Row("", "v1", "Pod", "pods", Namespaced, "po", "all", "attach,binding,ephemeralcontainers,eviction,exec,log,portforward,proxy,resize,status"),
        Row("", "v1", "PodTemplate", "podtemplates", Namespaced),
        Row("", "v1", "ReplicationController", "replicationcontrollers", Namespaced, "rc", "all", "scale,status"),
        Row("", "v1", "ResourceQuota", "resourcequotas", Namespaced, "quota", subresources: "status"),
        Row("", "v1", "Secret", "secrets", Namespaced),
        Row("", "v1", "ServiceAccount", "serviceaccounts", Namespaced, "sa", subresources: "token"),
        Row("", "v1", "Service", "services", Namespaced, "svc", "all", "proxy,status"),

        Row("apiregistration.k8s.io", "v1", "APIService", "apiservices", Cluster, categories: "api-extensions", subresources: "status"),

        Row("apps", "v1", "ControllerRevision", "controllerrevisions", Namespaced),
        Row("apps", "v1", "DaemonSet", "daemonsets", Namespaced, "ds", "all", "status"),
        Row("apps", "v1", "Deployment", "deployments", Namespaced, "deploy", "all", "scale,status"),
        Row("apps", "v1", "ReplicaSet", "replicasets", Namespaced, "rs", "all", "scale,status"),
        Row("apps", "v1", "StatefulSet", "statefulsets", Namespaced, "sts", "all", "scale,status"),

        // The core events are the same objects.
        Row("events.k8s.io", "v1", "Event", "events", Namespaced, "ev", storage: "events", storageApiVersion: "v1"),

        Row("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", Cluster, createOnly: true),
        Row("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", Cluster, createOnly: true),

        Row("authorization.k8s.io", "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", Namespaced, createOnly: true),
        Row("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", Cluster, createOnly: true),
        Row("authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", Cluster, createOnly: true),
        Row("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", Cluster, createOnly: true),

        Row("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", Namespaced, "hpa", "all", "status"),
        Row("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", Namespaced, "hpa", "all", "status", storageApiVersion: "autoscaling/v2"),

        Row("batch", "v1", "CronJob", "cronjobs", Namespaced, "cj", "all", "status"),
        Row("batch", "v1", "Job", "jobs", Namespaced, categories: "all", subresources: "status"),

        Row("certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests", Cluster, "csr", subresources: "approval,status"),

        Row("networking.k8s.io", "v1", "IngressClass", "ingressclasses", Cluster),
        Row("networking.k8s.io", "v1", "Ingress", "ingresses", Namespaced, "ing", subresources: "status"),
        Row("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", Namespaced, "netpol"),

        Row("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", Namespaced, "pdb", subresources: "status"),

        Row("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", Cluster),
        Row("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", Cluster),
        Row("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", Namespaced),
        Row("rbac.authorization.k8s.io", "v1", "Role", "roles", Namespaced),

        Row("storage.k8s.io", "v1", "CSIDriver", "csidrivers", Cluster),
        Row("storage.k8s.io", "v1", "CSINode", "csinodes", Cluster),
        Row("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities", Namespaced),
        Row("storage.k8s.io", "v1", "StorageClass", "storageclasses", Cluster, "sc"),
        Row("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", Cluster, subresources: "status"),

        Row("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", Cluster, categories: "api-extensions"),
        Row("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", Cluster, categories: "api-extensions",
            subresources: "status"),
        Row("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", Cluster,
            categories: "api-extensions"),
        Row("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", Cluster,
            categories: "api-extensions"),

        Row("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Cluster, "crd,crds", "api-extensions", "status"),

        Row("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", Cluster, "pc"),
        Row("coordination.k8s.io", "v1", "Lease", "leases", Namespaced),
        Row("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", Cluster),
        Row("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", Namespaced),

        // Upstream serves these through an aggregated server.
        Row("metrics.k8s.io", "v1beta1", "NodeMetrics", "nodes", Cluster, storage: "nodes.metrics.k8s.io", readOnly: true),
        Row("metrics.k8s.io", "v1beta1", "PodMetrics", "pods", Namespaced, storage: "pods.metrics.k8s.io", readOnly: true),
    ];

    public static KindInfo Namespaces { get; } = Find("", "namespaces");

    public static KindInfo Definitions { get; } = Find("apiextensions.k8s.io", "customresourcedefinitions");

    public static KindInfo Find(string group, string plural) => All.First(k => k.Group == group && k.Plural == plural);

    private static KindInfo Row(
        string group, string version, string kind, string plural, bool namespaced, string shortNames = "", string categories = "",
        string subresources = "", string? storage = null, string? storageApiVersion = null, bool createOnly = false, bool readOnly = false)
    {
        var resource = new ResourceKind(group, version, kind, plural, namespaced);
        return new KindInfo
        {
            Resource = resource,
            Singular = kind.ToLowerInvariant(),
            ShortNames = Words(shortNames),
            Categories = Words(categories),
            Subresources = Words(subresources),
            StorageName = storage ?? KindInfo.StorageNameOf(group, plural),
            StorageApiVersion = storageApiVersion ?? resource.ApiVersion,
            CreateOnly = createOnly,
            ReadOnly = readOnly,
        }.Prepare();
    }

    private static string[] Words(string text) => text.Length == 0 ? [] : text.Split(',');
}
