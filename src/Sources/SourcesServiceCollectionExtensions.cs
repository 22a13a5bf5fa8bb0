using Fleet.Helm;
using Fleet.Sources.Artifacts;
using Fleet.Sources.Buckets;
using Fleet.Sources.Git;
using Fleet.Sources.Registries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Sources;

public static class SourcesServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IArtifactSources"/>. Needs <c>AddHelm</c>; without options of its own it keeps its files beside helm's.</summary>
    public static IServiceCollection AddSources(this IServiceCollection services)
    {
        services.TryAddSingleton(p => new SourcesOptions { Folder = Path.Combine(p.GetRequiredService<HelmOptions>().Folder, "sources") });
        services.TryAddSingleton<ArtifactStore>();
        services.TryAddSingleton<ArchiveArtifacts>();
        services.TryAddSingleton<GitFetcher>();
        services.TryAddSingleton<BucketFetcher>();
        services.TryAddSingleton<RegistryFetcher>();
        services.TryAddSingleton<IArtifactSources, ArtifactSources>();
        return services;
    }
}
