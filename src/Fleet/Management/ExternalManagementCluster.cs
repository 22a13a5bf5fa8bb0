using Fleet.Kubernetes.Configuration;

namespace Fleet.Host.Management;

/// <summary>A cluster that the user named with --kubeconfig. Nothing is started; the services use it as any client would.</summary>
internal sealed class ExternalManagementCluster : IManagementCluster
{
    /// <exception cref="KubeConfigException">The file cannot be read or says too little; the message names it.</exception>
    public ExternalManagementCluster(string kubeconfig, string? context)
    {
        KubeconfigPath = Path.GetFullPath(kubeconfig);
        Context = context;
        Address = KubeConfig.LoadEndpoint(new() { Paths = [KubeconfigPath], Context = context }).Server;
    }

    public Uri Address { get; }

    public string KubeconfigPath { get; }

    public string? Context { get; }

    public bool IsExternal => true;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
