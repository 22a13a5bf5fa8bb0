using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Rest.Audit;

public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services, AuditOptions options)
    {
        services.TryAddSingleton(options);
        if (options.Database is { } database)
        {
            services.AddDbContextFactory<AuditContext>(context => context.UseNpgsql(database, npgsql => npgsql.MigrationsHistoryTable(AuditContext.MigrationsTable)));
            services.TryAddSingleton<IAuditStore, PostgresAudit>();
        }
        else
        {
            services.TryAddSingleton<IAuditStore, LoggedAudit>();
        }

        services.TryAddSingleton<AuditTrail>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditTrail>());
        return services;
    }
}
