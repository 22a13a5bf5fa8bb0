using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>v1 Secret. Prints nothing of its content.</summary>
public sealed class Secret : KubernetesObject
{
    public string? Type { get; set; }
    public bool? Immutable { get; set; }

    /// <summary>Base64 on the wire, bytes here.</summary>
    public Dictionary<string, byte[]>? Data { get; set; }

    /// <summary>Only for writing: the server moves it into <see cref="Data"/>.</summary>
    public Dictionary<string, string>? StringData { get; set; }
}
