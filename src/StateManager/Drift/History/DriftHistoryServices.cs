using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.StateManager.Drift.History;

internal static class DriftHistoryServices
{
    public static IServiceCollection AddDriftHistory(this IServiceCollection services, DriftHistoryOptions options)
    {
        services.TryAddSingleton(options);
        if (options.Database is not { } database)
        {
            services.TryAddSingleton<IDriftHistory, LoggedDrift>();
            return services;
        }

        services.AddDbContextFactory<DriftContext>(context => context.UseNpgsql(database, npgsql => npgsql.MigrationsHistoryTable(DriftContext.MigrationsTable)));
        services.TryAddSingleton<PostgresDrift>();
        services.TryAddSingleton<IDriftHistory>(s => s.GetRequiredService<PostgresDrift>());
        services.AddHostedService(s => s.GetRequiredService<PostgresDrift>());
        return services;
    }
}
