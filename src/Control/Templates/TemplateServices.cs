using Fleet.Control.Kinds;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Control.Templates;

public static class TemplateServices
{
    /// <summary>What the checks of ClusterTemplates and ServiceTemplates share. Needs a client and <c>AddHelm</c>.</summary>
    public static IServiceCollection AddTemplates(this IServiceCollection services)
    {
        services.TryAddSingleton(SystemNamespaces.Default);
        services.TryAddSingleton<RepositorySources>();
        services.TryAddSingleton<ITemplateCharts, TemplateCharts>();
        services.TryAddSingleton<TemplateSchemas>();
        return services;
    }
}
