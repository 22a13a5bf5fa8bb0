namespace Fleet.Kubernetes.Objects;

/// <summary>
/// An object with the usual spec and status. Wire types of products stay plain records without metadata
/// (see ADR "Contracts know no client") and become objects here.
/// </summary>
public sealed class CustomResource<TSpec, TStatus> : KubernetesObject
    where TSpec : class, new()
    where TStatus : class
{
    public TSpec Spec { get; set; } = new();
    public TStatus? Status { get; set; }
}
