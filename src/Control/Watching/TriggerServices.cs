using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Control.Watching;

/// <summary>Shorthands for the triggers of a controller.</summary>
public static class TriggerServices
{
    /// <summary>A trigger with an informer of its own that keeps whole objects.</summary>
    public static ITrigger Trigger<T>(this IServiceProvider services, ResourceType<T> type, Func<InformerEvent<T>, IEnumerable<ObjectKey>> keysFor)
        where T : class, IKubernetesObject =>
        new InformerTrigger<T, T>(
            services.GetRequiredService<IKubernetesClient>().Resource(type).Informer(
                new InformerOptions<T, T> { Project = static item => item, Clock = services.GetRequiredService<TimeProvider>() }),
            keysFor);
}
