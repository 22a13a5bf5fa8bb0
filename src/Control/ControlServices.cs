using System.Diagnostics.Metrics;
using Fleet.Control.Access;
using Fleet.Control.Grains;
using Fleet.Control.Metrics;
using Fleet.Control.Queueing;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Fleet.Control;

/// <summary>Registration of the controller runtime.</summary>
public static class ControlServices
{
    /// <summary>Queues, grains, status writer and metrics; idempotent. <see cref="TimeProvider"/> may be registered before.</summary>
    public static IServiceCollection AddControl(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IJitterSource>(RandomJitter.Shared);
        services.TryAddSingleton<LoopChance>();
        services.TryAddSingleton<ControlMetrics>();
        services.TryAddSingleton(s => new OpenMetricsExporter(s.GetRequiredService<IMeterFactory>(), "Fleet.", "System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Hosting"));
        services.TryAddSingleton<CallerAccess>();
        services.TryAddSingleton<IStatusWriter, StatusWriter>();
        services.TryAddSingleton<ReconcilerGrain>();
        services.TryAddSingleton<ReconcileLoops>();
        services.TryAddSingleton<IGrainBehavior>(s => s.GetRequiredService<ReconcilerGrain>());
        services.TryAddSingleton<IGrainDirectory, LocalGrainDirectory>();
        services.TryAddSingleton<IGrainHost, LocalGrainHost>();
        return services;
    }

    /// <summary>Runs a reconciler as a hosted service: triggers, queue, loop.</summary>
    public static IServiceCollection AddController<TReconciler>(
        this IServiceCollection services, Func<IServiceProvider, ControllerOptions> options)
        where TReconciler : class, IReconciler
    {
        services.AddControl();
        services.TryAddSingleton<TReconciler>();
        services.AddSingleton(s => MakeLoop<TReconciler>(s, options(s)));
        services.AddHostedService(s => s.GetRequiredService<ReconcileLoops>());
        return services;
    }

    private static ReconcileLoop MakeLoop<TReconciler>(IServiceProvider services, ControllerOptions options)
        where TReconciler : class, IReconciler
    {
        services.GetRequiredService<ReconcilerGrain>().Add(options.Name, services.GetRequiredService<TReconciler>());
        return new ReconcileLoop(
            options,
            services.GetRequiredService<IGrainHost>(),
            services.GetRequiredService<IGrainDirectory>(),
            services.GetRequiredService<ControlMetrics>(),
            services.GetRequiredService<LoopChance>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger($"Fleet.Control.{options.Name}"));
    }
}
