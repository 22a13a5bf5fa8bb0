using Fleet.ClusterManager.Admission.Uses;
using Fleet.ClusterManager.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Admission;

/// <summary>Registration of admission.</summary>
internal static class AdmissionServices
{
    public static IServiceCollection AddAdmission(this IServiceCollection services, WebhookOptions? webhook)
    {
        services.TryAddSingleton<AdmissionWatches>();
        services.TryAddSingleton<IFleetFactsReader, FleetFactsReader>();
        services.TryAddSingleton<IManifestGate, ManifestGate>();
        services.AddHostedService<AdmissionStart>();
        if (webhook is not null)
        {
            services.TryAddSingleton(webhook);
            services.AddHostedService<WebhookServer>();
        }
        return services;
    }

    /// <summary>Nobody waits for the watches: until they have read everything, deletions are put off.</summary>
    private sealed class AdmissionStart(AdmissionWatches watches) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            watches.Start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
