using Fleet.ClusterManager.Watching;
using Fleet.Contracts.Templates;
using Fleet.Control;
using Fleet.Control.Kinds;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Templates;

internal static class TemplateChecks
{
    /// <summary>The checks of ClusterTemplates and ProviderTemplates. Needs the watches.</summary>
    public static IServiceCollection AddTemplateChecks(this IServiceCollection services)
    {
        services.TryAddSingleton<ChartCheck>();
        services.TryAddSingleton<TemplateMetrics>();
        services.AddController<ProviderTemplateReconciler>(provider => new()
        {
            Name = "providertemplate",
            Triggers = [provider.Trigger(FleetKinds.ProviderTemplates, Changes.Own)],
        });
        return services.AddController<ClusterTemplateReconciler>(provider =>
        {
            var watches = provider.GetRequiredService<ClusterWatches>();
            var dependants = provider.GetRequiredService<Dependants>();
            // Observes the watches from now on.
            provider.GetRequiredService<TemplateMetrics>();
            return new()
            {
                Name = "clustertemplate",
                Concurrency = 4,
                Triggers =
                [
                    new InformerTrigger<ClusterTemplate, TemplateRow>(watches.Templates, change => OwnChange(change.Previous, change.Item)),
                    new InformerTrigger<CustomResource<Contracts.Sources.HelmRepositorySpec, Contracts.Sources.HelmRepositoryStatus>, RepositoryRow>(
                        watches.Repositories, change => dependants.TemplatesOf(change.Item)),
                    new AppearingKindsTrigger(watches, Dependants.IsChartSource, dependants.TemplatesOf),
                ],
            };
        });
    }

    /// <summary>Where the template names its source: a change of that object asks for a check.</summary>
    public static IEnumerable<string> SourcesOf(HelmSpec helm)
    {
        if (helm.ChartSpec is { } chart)
            yield return chart.SourceRef?.Name ?? Contracts.FleetApi.DefaultRepository;
        if (helm.ChartRef is not { } reference)
            yield break;
        yield return reference.Name;
        // Which source stands behind the HelmChart is not known here: any of them may.
        if (reference.Kind == "HelmChart")
            yield return TemplateRow.AnySource;
    }

    // The status that a reconciler has written itself asks for nothing.
    private static IEnumerable<ObjectKey> OwnChange(TemplateRow? before, TemplateRow after) =>
        before?.Uid == after.Uid && before?.Generation == after.Generation && before?.IsBeingDeleted == after.IsBeingDeleted ? [] : [after.Key];
}
