using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.Watching;
using Fleet.Control.Kinds;
using Fleet.Control.Regions;
using Fleet.Control.Watching;
using Fleet.Control;
using Fleet.Kubernetes.Objects;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Regions;

internal static class RegionServices
{
    public static IServiceCollection AddRegions(this IServiceCollection services)
    {
        services.TryAddSingleton<LinkTrigger>();
        services.TryAddSingleton<RegionTriggers>();
        services.TryAddSingleton<RegionParts>();
        services.TryAddSingleton<RegionConnections>();
        services.TryAddSingleton<RegionReader>();
        services.TryAddSingleton<RegionDirectory>();
        services.TryAddSingleton<RegionFactsReader>();
        services.TryAddSingleton<ClusterPlaces>();
        services.TryAddSingleton<RegionComponents>();
        services.TryAddSingleton<RegionStatusWriter>();
        return services.AddController<RegionReconciler>(provider =>
        {
            var (watches, dependants) = (provider.GetRequiredService<ClusterWatches>(), provider.GetRequiredService<Dependants>());
            return new()
            {
                Name = "region",
                // Helm installs several charts after each other where it may not run as often at once.
                Timeout = TimeSpan.FromMinutes(30),
                Triggers =
                [
                    provider.RegionTrigger(region => [ObjectKey.Cluster(region.Name)]),
                    new InformerTrigger<DynamicObject, SecretRow>(watches.Secrets, change => dependants.RegionsOf(change.Item)),
                    new InformerTrigger<ClusterDeployment, ClusterRow>(watches.Clusters, dependants.RegionsOf),
                    new InformerTrigger<Credential, CredentialRow>(watches.Credentials, change => Dependants.RegionsOf(change.Item)),
                    provider.Trigger(FleetKinds.Managements, _ => Every(watches)),
                    provider.Trigger(FleetKinds.Releases, _ => Every(watches)),
                    provider.Trigger(FleetKinds.ProviderTemplates, _ => Every(watches)),
                    provider.GetRequiredService<RegionTriggers>().Regions,
                ],
            };
        });
    }

    private static IEnumerable<ObjectKey> Every(ClusterWatches watches) =>
        watches.Regions.State.HasSynced ? watches.Regions.Items.Select(region => ObjectKey.Cluster(region.Name)) : [];

    /// <summary>What a changed Region asks for.</summary>
    public static ITrigger RegionTrigger(this IServiceProvider provider, Func<RegionRow, IEnumerable<ObjectKey>> keysFor) =>
        new InformerTrigger<Region, RegionRow>(provider.GetRequiredService<ClusterWatches>().Regions, change => keysFor(change.Item));
}
