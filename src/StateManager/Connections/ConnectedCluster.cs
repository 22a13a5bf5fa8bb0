using Fleet.Control.Clusters;
using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Fencing;

namespace Fleet.StateManager.Connections;

/// <summary>A cluster that answers: its identity, how Helm reaches it, and what is in it.</summary>
/// <param name="Client">Bounded in rate and concurrency, for single objects.</param>
/// <param name="ChecksFields">See <see cref="FieldChecks"/>.</param>
internal sealed record ConnectedCluster(string Uid, ClusterAccess Access, IKubernetesClient Client, ClusterView View, bool ChecksFields) : IAsyncDisposable
{
    public FenceMemory Fence { get; } = new();

    public static ClusterConnection<ConnectedCluster> Connection(Action changed, TimeProvider clock, IJitterSource jitter) =>
        new((opening, ct) => OpenAsync(opening, changed, clock, jitter, ct), cluster => cluster.View.Problem, clock, jitter);

    public ValueTask DisposeAsync() => View.DisposeAsync();

    private static async Task<ConnectedCluster> OpenAsync(ClusterOpening opening, Action changed, TimeProvider clock, IJitterSource jitter, CancellationToken ct)
    {
        var view = new ClusterView(opening.Client, _ => changed(), clock, jitter);
        try
        {
            await view.StartAsync(ct);
            return new(opening.Uid, new ClusterAccess(opening.Kubeconfig), opening.Client, view, await new FieldChecks(opening.Client).AreOfServerAsync(ct));
        }
        catch
        {
            await view.DisposeAsync();
            throw;
        }
    }
}
