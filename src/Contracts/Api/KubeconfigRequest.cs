using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>Body of <c>POST …/kubeconfig</c>.</summary>
public sealed record KubeconfigRequest
{
    [Description("A ClusterRole of the managed cluster, for instance view. RBAC of the management API must allow this word as the verb on clusterdeployments/kubeconfig.")]
    public string? Role { get; init; }

    [Description("600 to 86400; 3600 when absent. The managed cluster may give less.")]
    public int? ExpirationSeconds { get; init; }

    [Description("The administrator's own kubeconfig instead of a token; needs the right to read the Secret that holds it. It does not expire with the call.")]
    public bool Admin { get; init; }
}

public sealed record KubeconfigView
{
    [Description("A kubeconfig file. Treat it as a secret.")]
    public required string Kubeconfig { get; init; }

    [Description("When the token ends; absent for the administrator's kubeconfig.")]
    public DateTimeOffset? Expires { get; init; }

    [Description("Who the holder is inside the managed cluster.")]
    public string? Subject { get; init; }
    public string? Role { get; init; }
}
