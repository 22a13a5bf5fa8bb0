namespace Fleet.ClusterManager.Connections;

/// <summary>Whether an API server answers to a kubeconfig. <see cref="Problem"/> is null when it does; it never holds anything of the kubeconfig.</summary>
internal sealed record ProbeResult(string? Version, string? Problem, bool KubeconfigInvalid = false, bool Refused = false)
{
    public bool Answered => Problem is null;
}
