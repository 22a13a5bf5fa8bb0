namespace Fleet.Kubernetes.Configuration;

/// <summary>What to take from kubeconfig files.</summary>
public sealed record KubeConfigOptions
{
    /// <summary>Files to merge, the first one wins. Null follows KUBECONFIG, then <c>~/.kube/config</c>.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>Null takes current-context.</summary>
    public string? Context { get; init; }

    /// <summary>Allows <c>insecure-skip-tls-verify</c>; without it such a cluster is refused.</summary>
    public bool AllowInsecureTls { get; init; }

    /// <summary>Allows credentials that start a program. Off for kubeconfigs that come from somebody else, for instance out of a Secret.</summary>
    public bool AllowExec { get; init; } = true;

    /// <summary>Allows files named by the kubeconfig (certificates, tokens). Off for kubeconfigs that come from somebody else.</summary>
    public bool AllowFiles { get; init; } = true;

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
