using System.Data.Common;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Collection.Agents;

/// <summary>Where a look goes that has arrived here: into the grain of its cluster, or on its way to the replica that owns it.</summary>
internal sealed class LookDesk(AgentLooks here, StoredLooks elsewhere, IGrainDirectory directory, IKubernetesClient management)
{
    /// <param name="document">A look that there is no objection to.</param>
    /// <param name="offset">How far the sender's clock is ahead of ours.</param>
    /// <param name="body">The look as it was sent.</param>
    /// <exception cref="QueueUnavailableException">It was not taken; it may come again.</exception>
    public async Task<LookVerdict> OfferAsync(ClusterIdentity cluster, LookDocument document, TimeSpan offset, byte[] body, CancellationToken ct)
    {
        var key = new ObjectKey(cluster.Namespace, cluster.Name);
        if (directory.Owns(CollectionServices.GrainOf(key)))
            return await here.OfferAsync(cluster, document.ToLook(cluster.Uid, offset), ct);
        try
        {
            var deployment = await management.Resource(FleetKinds.ClusterDeployments).GetAsync(key, ct);
            if (deployment is null || !CollectionMode.IsByAgent(deployment.Metadata.Annotations))
                return LookVerdict.NotByAgent;
            await elsewhere.KeepAsync(cluster, offset, body, ct);
            return LookVerdict.Taken;
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException or KubeApiException)
        {
            throw new QueueUnavailableException("the replica that takes looks at this cluster can not be told of it", e);
        }
    }
}
