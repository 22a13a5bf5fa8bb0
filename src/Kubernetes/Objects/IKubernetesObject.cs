namespace Fleet.Kubernetes.Objects;

/// <summary>What every object on the API has.</summary>
public interface IKubernetesObject
{
    string? ApiVersion { get; }
    string? Kind { get; }
    ObjectMeta Metadata { get; }
}
