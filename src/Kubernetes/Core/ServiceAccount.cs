using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>v1 ServiceAccount.</summary>
public sealed class ServiceAccount : KubernetesObject
{
    public bool? AutomountServiceAccountToken { get; set; }
    public List<LocalObjectReference>? ImagePullSecrets { get; set; }
}

public sealed class LocalObjectReference
{
    public string? Name { get; set; }
}
