using Fleet.Observability.Focus.Bills;

namespace Fleet.Observability.Focus;

internal static class FocusServices
{
    public static IServiceCollection AddFocus(this IServiceCollection services)
    {
        services.AddSingleton<FocusLedger>();
        services.AddSingleton<BillTurns>();
        services.AddSingleton<BillStore>();
        return services;
    }
}
