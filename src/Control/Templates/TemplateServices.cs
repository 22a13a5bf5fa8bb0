using Fleet.Control.Kinds;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Control.Templates;

public static class TemplateServices
{
    /// <summary><see cref="ITemplateCharts"/>; needs a Kubernetes client and <c>AddHelm</c>.</summary>
    public static IServiceCollection AddTemplateCharts(this IServiceCollection services)
    {
        services.TryAddSingleton(SystemNamespaces.Default);
        services.TryAddSingleton<RepositorySources>();
        services.TryAddSingleton<ITemplateCharts, TemplateCharts>();
        return services;
    }
}
