using System.Text.Json.Serialization;

namespace Fleet.Kubernetes.Objects;

/// <summary>What typed objects share. Items of a list come without kind and apiVersion on the wire; the client fills them in.</summary>
public abstract class KubernetesObject : IKubernetesObject
{
    [JsonPropertyOrder(-3)]
    public string? ApiVersion { get; set; }

    [JsonPropertyOrder(-2)]
    public string? Kind { get; set; }

    [JsonPropertyOrder(-1)]
    public ObjectMeta Metadata { get; set; } = new();
}
