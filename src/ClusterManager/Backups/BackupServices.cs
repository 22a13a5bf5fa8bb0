using Fleet.ClusterManager.Watching;
using Fleet.Control;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Backups;

internal static class BackupServices
{
    public static IServiceCollection AddManagementBackups(this IServiceCollection services)
    {
        services.TryAddSingleton<BackupWatch>();
        services.TryAddSingleton<BackupMetrics>();
        services.TryAddSingleton<BackupReports>();
        services.TryAddSingleton<BackupSecrets>();
        services.TryAddSingleton<VeleroObjects>();
        services.TryAddSingleton<BackupPlaces>();
        services.TryAddSingleton<BackupFactsReader>();
        services.TryAddSingleton<BackupWork>();
        services.TryAddSingleton<BackupTurn>();
        return services.AddController<ManagementBackupReconciler>(provider =>
        {
            var watch = provider.GetRequiredService<BackupWatch>();
            return new()
            {
                Name = "managementbackup",
                // One at a time: each reads the whole management cluster, and the Lease is not for concurrent use.
                Concurrency = 1,
                Timeout = TimeSpan.FromHours(12),
                Triggers =
                [
                    new InformerTrigger<ManagementBackup, BackupRow>(watch.Backups, BackupWatch.Asked),
                    new InformerTrigger<DynamicObject, SecretRow>(provider.GetRequiredService<ClusterWatches>().Secrets, change => watch.Naming(change.Key)),
                ],
            };
        });
    }
}
