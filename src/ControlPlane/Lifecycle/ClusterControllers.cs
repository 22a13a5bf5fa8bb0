using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Lifecycle;

/// <summary>What a kube-controller-manager does around objects of any kind, for all clusters of the process, in one loop.</summary>
internal sealed class ClusterControllers(ClusterRegistry clusters, TimeProvider clock, ILoggerFactory? loggers) : IAsyncDisposable
{
    public Task StartAsync(CancellationToken ct)
    {
        _ = (clusters, clock, loggers);
        ct.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
