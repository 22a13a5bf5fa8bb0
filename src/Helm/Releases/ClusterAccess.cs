namespace Fleet.Helm.Releases;

/// <summary>How helm reaches a cluster. Never printed: a kubeconfig is a secret.</summary>
public sealed class ClusterAccess(string kubeconfig, string? context = null)
{
    /// <summary>Content of a kubeconfig, YAML or JSON.</summary>
    public string Kubeconfig { get; } = kubeconfig;

    /// <summary>Null: the kubeconfig's current context.</summary>
    public string? Context { get; } = context;

    /// <summary>
    /// True only for a kubeconfig of the operator of Fleet: it may then use credential plugins and files (absolute paths). One that came from a Secret must
    /// not, since it would run programs on Fleet's host.
    /// </summary>
    public bool IsTrusted { get; init; }

    public override string ToString() => "ClusterAccess(***)";
}
