namespace Fleet.Host.Management;

/// <summary>The cluster that holds everything that is declared: embedded in this process, or any other that a kubeconfig reaches.</summary>
internal interface IManagementCluster : IAsyncDisposable
{
    Uri Address { get; }

    string KubeconfigPath { get; }

    string? Context { get; }

    bool IsExternal { get; }
}
