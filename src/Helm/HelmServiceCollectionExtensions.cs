using System.Diagnostics.Metrics;
using Fleet.Helm.Binary;
using Fleet.Helm.Kustomizations;
using Fleet.Helm.Owners;
using Fleet.Helm.Patches;
using Fleet.Helm.Processes;
using Fleet.Helm.Releases;
using Fleet.Helm.Rendering;
using Fleet.Helm.Repositories;
using Fleet.Helm.Signatures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Fleet.Helm;

public static class HelmServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IHelm"/>, <see cref="IChartRepositories"/>, <see cref="ITemplateRenderer"/> and <see cref="HelmBinaryLocator"/> (which tells a
    /// doctor what is wrong). The binary is looked for at the first use, so a host starts without one.
    /// </summary>
    public static IServiceCollection AddHelm(this IServiceCollection services, HelmOptions options)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        return services.AddProcesses().AddReleases().AddRepositories();
    }

    private static IServiceCollection AddProcesses(this IServiceCollection services)
    {
        services.TryAddSingleton(p => new ProcessMetrics(p.GetRequiredService<IMeterFactory>()));
        services.TryAddSingleton<ProcessRunner>();
        services.TryAddSingleton<HelmEnvironment>();
        services.TryAddSingleton<PrivateFolders>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HelmLeftovers>());
        services.TryAddSingleton(p => new HelmBinaryLocator(
            p.GetRequiredService<HelmOptions>(), p.GetRequiredService<ProcessRunner>(), p.GetRequiredService<HelmEnvironment>()));
        services.TryAddSingleton<HelmRunner>();
        services.TryAddSingleton<KubectlLocator>();
        services.TryAddSingleton<IKustomize, KubectlKustomize>();
        services.TryAddSingleton<PatchProgram>();
        services.TryAddSingleton<PatchedRuns>();
        return services;
    }

    private static IServiceCollection AddReleases(this IServiceCollection services)
    {
        services.TryAddSingleton<IHelm, HelmReleases>();
        services.TryAddSingleton<IReleaseRecords, ReleaseRecords>();
        services.TryAddSingleton<ReleaseOwners>();
        services.TryAddSingleton<TemplateRenderer>();
        services.TryAddSingleton<ITemplateRenderer>(p => new GatheredRenderer(p.GetRequiredService<TemplateRenderer>()));
        return services;
    }

    private static IServiceCollection AddRepositories(this IServiceCollection services)
    {
        services.TryAddSingleton<RepositoryHttp>();
        services.TryAddSingleton<ChartCache>();
        services.TryAddSingleton<OciTokens>();
        services.TryAddSingleton<OciRegistryClient>();
        services.TryAddSingleton<CosignSignatures>();
        services.TryAddSingleton<OciChartSource>();
        services.TryAddSingleton<HttpChartSource>();
        services.TryAddSingleton<IChartRepositories, ChartRepositories>();
        return services;
    }
}
