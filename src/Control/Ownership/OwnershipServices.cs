using Fleet.Control.Grains;
using Fleet.Control.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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

    /// <summary>Runs a hosted service in one process of the service at a time: a singleton. Where nothing is shared out it runs as any hosted service does.</summary>
    /// <param name="services">Where <see cref="AddOwnership"/> has been registered before, if at all.</param>
    /// <param name="name">Of the singleton, for instance <c>retention</c>; it is a grain, and moves as clusters do.</param>
    /// <param name="make">A new one each time that it begins here, under an ownership whose epoch its writes carry.</param>
    public static IServiceCollection AddOwnedHostedService<T>(this IServiceCollection services, string name, Func<IServiceProvider, GrainOwnership, T> make)
        where T : class, IHostedService
    {
        services.AddControl();
        services.AddSingleton(s => new OwnedService<T>(
            GrainId.OfSingleton(name), ownership => make(s, ownership), s.GetRequiredService<IGrainDirectory>(), s.GetRequiredService<IHostApplicationLifetime>(), s.GetRequiredService<ILogger<OwnedService<T>>>()));
        services.AddHostedService(s => s.GetRequiredService<OwnedService<T>>());
        services.AddSingleton<IGrainDrain>(s => s.GetRequiredService<OwnedService<T>>());
        return services;
    }

    /// <summary>The same for one whose writes need no epoch. <typeparamref name="T"/> is made by the container's services.</summary>
    public static IServiceCollection AddOwnedHostedService<T>(this IServiceCollection services, string name)
        where T : class, IHostedService => services.AddOwnedHostedService(name, static (s, _) => ActivatorUtilities.CreateInstance<T>(s));
}
