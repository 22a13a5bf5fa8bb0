using Fleet.Observability.Events;
using Fleet.Observability.History;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Observability;

/// <summary>The service's table of contents. An <c>IKubernetesClient</c> of the management API must be registered.</summary>
public static class ObservabilityServices
{
    /// <param name="connectionString">PostgreSQL; it holds a password, so it is never logged.</param>
    public static IServiceCollection AddObservability(this IServiceCollection services, string connectionString)
    {
        services.AddDbContextFactory<HistoryContext>(options => options.UseNpgsql(connectionString));
        services.AddSingleton<EventStore>();
        services.AddHostedService<EventArchive>();
        return services;
    }
}
