using Fleet.ClusterManager.Components;
using Fleet.ClusterManager.Watching;
using Fleet.Contracts.Components;
using Fleet.Control;
using Fleet.Control.Kinds;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Managements;

internal static class ManagementServices
{
    private static readonly ObjectKey[] Singleton = [ObjectKey.Cluster(ManagementSpec.SingletonName)];

    public static IServiceCollection AddManagement(this IServiceCollection services)
    {
        services.TryAddSingleton<UpgradeBackups>();
        services.TryAddSingleton<DefaultStateProvider>();
        services.TryAddSingleton<ManagementParts>();
        services.TryAddSingleton<ManagementFactsReader>();
        services.TryAddSingleton<DefinitionRemoval>();
        services.TryAddSingleton<ManagementDeletion>();
        return services.AddController<ManagementReconciler>(provider =>
        {
            var watches = provider.GetRequiredService<ClusterWatches>();
            return new()
            {
                Name = "management",
                // Helm installs several charts after each other where it may not run as often at once.
                Timeout = TimeSpan.FromMinutes(30),
                Triggers =
                [
                    provider.Trigger(FleetKinds.Managements, Changes.Own),
                    provider.Trigger(FleetKinds.Releases, static _ => Singleton),
                    provider.Trigger(FleetKinds.ProviderTemplates, static _ => Singleton),
                    // What the operator says on its objects, and backups that an upgrade waits for.
                    new AppearingKindsTrigger(
                        watches, static definition => definition.Group == ProviderObject.Group || UpgradeBackups.IsKind(definition.Group, definition.Kind), static _ => Singleton),
                ],
            };
        });
    }
}
