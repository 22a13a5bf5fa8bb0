using Fleet.ClusterManager.Watching;
using Fleet.Control;
using Fleet.Control.Watching;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.DataSources;

/// <summary>Registration of what gives clusters their databases.</summary>
internal static class DataSourceServices
{
    public static IServiceCollection AddDataSources(this IServiceCollection services)
    {
        services.TryAddSingleton<ClusterDataSourceFactsReader>();
        services.TryAddSingleton<ClusterDataSourceApplier>();
        services.TryAddSingleton<ClusterDataSourceDeletion>();
        return services.AddController<ClusterDataSourceReconciler>(provider =>
        {
            var (clusters, watches) = (provider.GetRequiredService<ClusterWatches>(), provider.GetRequiredService<ReferenceWatches>());
            var users = provider.GetRequiredService<ReferenceDependants>();
            return new()
            {
                Name = "clusterdatasource",
                // A server that does not answer holds a worker for as long as its time-out.
                Concurrency = 8,
                Triggers =
                [
                    new InformerTrigger<ClusterDataSource, DatabaseRow>(watches.Databases, ReferenceDependants.Itself),
                    new InformerTrigger<DataSource, ReferredRow>(watches.DataSources, change => users.DatabasesOf(change.Item)),
                    new InformerTrigger<Kubernetes.Objects.DynamicObject, SecretRow>(clusters.Secrets, change => users.DatabasesOf(change.Item)),
                    // A cluster that begins to be deleted lets its database go.
                    new InformerTrigger<ClusterDeployment, ClusterRow>(clusters.Clusters, change => change.Item.References.DataSource is null ? [] : [change.Key]),
                ],
            };
        });
    }
}
