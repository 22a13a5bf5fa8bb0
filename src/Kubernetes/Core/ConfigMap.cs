using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>v1 ConfigMap.</summary>
public sealed class ConfigMap : KubernetesObject
{
    public bool? Immutable { get; set; }
    public Dictionary<string, string>? Data { get; set; }
    public Dictionary<string, byte[]>? BinaryData { get; set; }
}
