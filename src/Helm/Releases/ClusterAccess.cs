namespace Fleet.Helm.Releases;

/// <summary>How helm reaches a cluster. Never printed: a kubeconfig is a secret.</summary>
public sealed class ClusterAccess(string kubeconfig, string? context = null)
{
    private string? file;

    /// <summary>Content of a kubeconfig, YAML or JSON.</summary>
    /// <exception cref="IOException">The file of <see cref="OfFile"/> cannot be read.</exception>
    public string Kubeconfig => file is null ? kubeconfig : File.ReadAllText(file);

    /// <summary>Null: the kubeconfig's current context.</summary>
    public string? Context { get; } = context;

    /// <summary>
    /// True only for a kubeconfig of the operator of Fleet: it may then use credential plugins and files (absolute paths). One that came from a Secret must
    /// not, since it would run programs on Fleet's host.
    /// </summary>
    public bool IsTrusted { get; init; }

    /// <summary>By a file of the operator's, which may be replaced while Fleet runs since certificates end: what is in it by then counts.</summary>
    public static ClusterAccess OfFile(string file, string? context = null) => new("", context) { file = file, IsTrusted = true };

    public override string ToString() => "ClusterAccess(***)";
}
