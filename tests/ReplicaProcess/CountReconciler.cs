using System.Globalization;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;

namespace Fleet.ReplicaProcess;

/// <summary>Counts one further, under the epoch of the grain, every half second: the shape of every reconcile, and as easy to check as a write can be.</summary>
internal sealed class CountReconciler(IKubernetesClient client, History history) : IReconciler
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    private readonly IResourceClient<ConfigMap> maps = client.Resource(CoreTypes.ConfigMaps);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await maps.GetAsync(request.Key, ct) is not { } map)
            return Outcome.Done;
        var count = long.Parse(map.Data?.GetValueOrDefault("count") ?? "0", CultureInfo.InvariantCulture) + 1;
        var (cluster, epoch) = (request.Key.Name, request.Ownership.Epoch);
        map.Data = new() { ["count"] = $"{count}", ["epoch"] = $"{epoch}" };
        request.Ownership.EnsureCurrent();
        history.Write("try", cluster, epoch, count);
        try
        {
            var written = await maps.UpdateAsync(map, ct);
            history.Write("done", cluster, epoch, count, written.Metadata.ResourceVersion);
        }
        catch (KubeApiException e) when (e.IsConflict)
        {
            history.Write("refused", cluster, epoch, count);
        }
        catch (Exception)
        {
            history.Write("unknown", cluster, epoch, count);
            throw;
        }
        return Outcome.After(Again);
    }
}
