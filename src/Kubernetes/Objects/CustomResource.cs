namespace Fleet.Kubernetes.Objects;

/// <summary>
/// An object with the usual spec and status. Wire types of products stay plain records without metadata
/// (see ADR "Contracts know no client") and become objects here.
/// </summary>
public sealed class CustomResource<TSpec, TStatus> : IKubernetesObject
    where TSpec : class, new()
    where TStatus : class
{
    public string? ApiVersion { get; set; }
    public string? Kind { get; set; }
    public ObjectMeta Metadata { get; set; } = new();
    public TSpec Spec { get; set; } = new();
    public TStatus? Status { get; set; }
}
