namespace Fleet.Helm.Releases;

/// <summary>How helm reaches a cluster. Never printed: a kubeconfig is a secret.</summary>
public sealed class ClusterAccess(string kubeconfig, string? context = null)
{
    /// <summary>Content of a kubeconfig, YAML or JSON. References to files must be absolute.</summary>
    public string Kubeconfig { get; } = kubeconfig;

    /// <summary>Null: the kubeconfig's current context.</summary>
    public string? Context { get; } = context;

    public override string ToString() => "ClusterAccess(***)";
}
