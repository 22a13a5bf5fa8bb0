using Fleet.Observability.Alerts.Storage;

namespace Fleet.Observability.Alerts;

/// <summary>Rules, routes, receivers and silences. Needs the ledger's connections.</summary>
internal static class AlertServices
{
    public static IServiceCollection AddAlerts(this IServiceCollection services, AlertOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<AlertObjects>();
        services.AddSingleton<AlertQueries>();
        services.AddHostedService(s => s.GetRequiredService<AlertObjects>());
        return services;
    }
}
