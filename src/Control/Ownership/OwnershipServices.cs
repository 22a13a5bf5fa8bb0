using Fleet.Control.Grains;
using Fleet.Control.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Control.Ownership;

/// <summary>Registration of one replica among several.</summary>
public static class OwnershipServices
{
    /// <summary>Before every controller: grains are shared out from the first, and the Lease is given up after the last loop has stopped.</summary>
    public static IServiceCollection AddOwnership(this IServiceCollection services, OwnershipOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SlotMeter>();
        services.AddSingleton<LeasedGrainDirectory>();
        services.AddSingleton<IGrainDirectory>(s => s.GetRequiredService<LeasedGrainDirectory>());
        services.AddSingleton(s => (IGrainDrain)s.GetRequiredService<IGrainHost>());
        services.AddSingleton<OwnershipKeeper>();
        services.AddHostedService(s => s.GetRequiredService<OwnershipKeeper>());
        services.AddSingleton<IReadinessCheck>(s => s.GetRequiredService<OwnershipKeeper>());
        services.AddControl();
        services.AddHostedService<OwnershipMetrics>();
        return services;
    }
}
