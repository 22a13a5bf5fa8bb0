using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>The built-in kinds that have a type here. Their types hold the fields that are read; what else an object has is not kept.</summary>
public static class CoreTypes
{
    public static ResourceType<Namespace> Namespaces { get; } = Of("", "v1", "Namespace", "namespaces", CoreJson.Default.Namespace, namespaced: false);
    public static ResourceType<Secret> Secrets { get; } = Of("", "v1", "Secret", "secrets", CoreJson.Default.Secret);
    public static ResourceType<ConfigMap> ConfigMaps { get; } = Of("", "v1", "ConfigMap", "configmaps", CoreJson.Default.ConfigMap);
    public static ResourceType<Service> Services { get; } = Of("", "v1", "Service", "services", CoreJson.Default.Service);
    public static ResourceType<ServiceAccount> ServiceAccounts { get; } = Of("", "v1", "ServiceAccount", "serviceaccounts", CoreJson.Default.ServiceAccount);
    public static ResourceType<Node> Nodes { get; } = Of("", "v1", "Node", "nodes", CoreJson.Default.Node, namespaced: false);
    public static ResourceType<Pod> Pods { get; } = Of("", "v1", "Pod", "pods", CoreJson.Default.Pod);
    public static ResourceType<PersistentVolume> PersistentVolumes { get; } = Of("", "v1", "PersistentVolume", "persistentvolumes", CoreJson.Default.PersistentVolume, namespaced: false);
    public static ResourceType<PersistentVolumeClaim> PersistentVolumeClaims { get; } =
        Of("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", CoreJson.Default.PersistentVolumeClaim);
    public static ResourceType<CoreEvent> CoreEvents { get; } = Of("", "v1", "Event", "events", CoreJson.Default.CoreEvent);
    public static ResourceType<Deployment> Deployments { get; } = Of("apps", "v1", "Deployment", "deployments", CoreJson.Default.Deployment);
    public static ResourceType<StatefulSet> StatefulSets { get; } = Of("apps", "v1", "StatefulSet", "statefulsets", CoreJson.Default.StatefulSet);
    public static ResourceType<DaemonSet> DaemonSets { get; } = Of("apps", "v1", "DaemonSet", "daemonsets", CoreJson.Default.DaemonSet);
    public static ResourceType<ReplicaSet> ReplicaSets { get; } = Of("apps", "v1", "ReplicaSet", "replicasets", CoreJson.Default.ReplicaSet);
    public static ResourceType<Job> Jobs { get; } = Of("batch", "v1", "Job", "jobs", CoreJson.Default.Job);
    public static ResourceType<Lease> Leases { get; } = Of("coordination.k8s.io", "v1", "Lease", "leases", CoreJson.Default.Lease);
    public static ResourceType<Event> Events { get; } = Of("events.k8s.io", "v1", "Event", "events", CoreJson.Default.Event);

    private static ResourceType<T> Of<T>(string group, string version, string kind, string plural, JsonTypeInfo<T> json, bool namespaced = true)
        where T : class, IKubernetesObject
        => new(new(group, version, kind, plural, namespaced), json);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(WireTimeConverter), typeof(SharedStringConverter)])]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(ConfigMap))]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(ServiceAccount))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(PersistentVolume))]
[JsonSerializable(typeof(PersistentVolumeClaim))]
[JsonSerializable(typeof(CoreEvent))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(StatefulSet))]
[JsonSerializable(typeof(DaemonSet))]
[JsonSerializable(typeof(ReplicaSet))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(PartialObjectMetadata))]
internal sealed partial class CoreJson : JsonSerializerContext;
