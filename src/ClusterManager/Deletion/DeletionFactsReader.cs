using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.Phases;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Deletion;

/// <summary>Reads what is left of a cluster. Failures of the management API throw: what could not be read is never taken for gone.</summary>
internal sealed class DeletionFactsReader(
    IKubernetesClient client, ServiceSetLookup sets, WorkloadCleanup workloads)
{
    private static readonly GroupVersionKind DataSources = new(FleetApi.Group, FleetApi.Version, "ClusterDataSource");

    public async Task<DeletionFacts> ReadAsync(ClusterDeployment cluster, ClusterPlace place, IReadOnlySet<DeletionPhase> skipped, PhaseWait waited, CancellationToken ct)
    {
        var key = cluster.Metadata.Key;
        var host = place.Host;
        var release = host is null ? null : await host.Records.LatestAsync(key, ct);
        var isForeign = release?.IsOfAnother(cluster.Metadata) == true;
        var facts = new DeletionFacts
        {
            Object = cluster,
            Policy = DeletionPolicies.Of(cluster),
            Region = place.Region,
            Copies = host is null ? [] : await RegionalCopies.ReadAsync(host, cluster, ct),
            ServiceSets = await sets.LeftOfAsync(key, ct),
            Release = isForeign ? null : release,
            Capi = isForeign || host is null ? null : await host.Capi.FindAsync(key, ct),
            DataSource = await DataSourceAsync(cluster, ct),
            Skipped = skipped,
            Waited = waited,
        };
        facts = facts with { Hold = DeletionHold.Protection(cluster, facts.ServiceSets, place.Region) };
        if (host is null || facts.ServiceSets.Count > 0 || !DeletionPlanner.WantsCleanup(facts))
            return facts;
        var kubeconfig = await KubeconfigReader.ReadAsync(host.Client, facts.Capi!, ct);
        return facts with { Kubeconfig = kubeconfig, Leftovers = await workloads.ReadAsync(kubeconfig.Text, ct) };
    }

    private async Task<DataSourceLeft?> DataSourceAsync(ClusterDeployment cluster, CancellationToken ct)
    {
        if (await client.FindKindAsync(DataSources, ct) is not { } kind || await client.Dynamic(kind).GetAsync(cluster.Metadata.Key, ct) is not { } found)
            return null;
        return found.Metadata.OwnerReferences?.Exists(owner => owner.Uid == cluster.Metadata.Uid) == true
            ? new(found.Metadata.IsBeingDeleted, (string?)found.At("status", "error"), found.Metadata.Uid, (string?)found.At("spec", "schema") ?? "", (string?)found.At("spec", "dataSource") ?? "")
            : null;
    }
}
