using Fleet.Control;
using Fleet.Control.Reconciling;

namespace Fleet.Observability.Focus.Exports;

internal static class CostExportServices
{
    public static IServiceCollection AddCostExports(this IServiceCollection services)
    {
        services.AddSingleton<CostExportWriter>();
        services.AddSingleton<CostExportTrigger>();
        return services.AddController<CostExportReconciler>(s => new ControllerOptions
        {
            Name = "costexport",
            // A month of a large fleet takes its time, and each is a file on the disk.
            Concurrency = 2,
            Timeout = TimeSpan.FromHours(2),
            Triggers = [s.GetRequiredService<CostExportTrigger>()],
        });
    }
}
