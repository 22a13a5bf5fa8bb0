using Fleet.Control.Kinds;
using Fleet.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Control.Templates;

public static class TemplateServices
{
    /// <summary>What the checks of ClusterTemplates and ServiceTemplates share. Needs a client and <c>AddHelm</c>.</summary>
    public static IServiceCollection AddTemplates(this IServiceCollection services)
    {
        services.TryAddSingleton(SystemNamespaces.Default);
        services.AddSources();
        services.TryAddSingleton<SourceSecrets>();
        services.TryAddSingleton<ISourceObjects, SourceObjects>();
        services.TryAddSingleton<ISourceFiles, SourceFilesReader>();
        services.TryAddSingleton<RepositorySources>();
        services.TryAddSingleton<ArtifactCharts>();
        services.TryAddSingleton<ChartFetch>();
        services.TryAddSingleton<ChartLocations>();
        services.TryAddSingleton<ResolvedCharts>();
        services.TryAddSingleton<ITemplateCharts, TemplateCharts>();
        services.TryAddSingleton<TemplateSchemas>();
        return services;
    }
}
