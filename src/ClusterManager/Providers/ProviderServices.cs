using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Providers;

internal static class ProviderServices
{
    public static IServiceCollection AddProviders(this IServiceCollection services)
    {
        services.TryAddSingleton<ProviderOffers>();
        services.TryAddSingleton<ProviderInterfaces>();
        return services;
    }
}
