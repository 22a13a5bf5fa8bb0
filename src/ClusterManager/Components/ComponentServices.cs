using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Components;

internal static class ComponentServices
{
    public static IServiceCollection AddComponents(this IServiceCollection services)
    {
        services.TryAddSingleton<ComponentFactsReader>();
        services.TryAddSingleton<ComponentApplier>();
        services.TryAddSingleton<ComponentEngine>();
        services.TryAddSingleton<ComponentEvents>();
        services.TryAddSingleton<ProviderUsers>();
        return services;
    }
}
