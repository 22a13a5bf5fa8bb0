using Fleet.Helm;
using Fleet.Sources;
using Fleet.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Integration.Tests.Sources;

/// <summary>The sources as a service registers them, over a folder of the test's own.</summary>
internal sealed class SourcesHost : IDisposable
{
    private readonly TemporaryFolder folder = new("sources");
    private ServiceProvider services;

    public SourcesHost(SourcesOptions? options = null) => services = Start(options);

    public IArtifactSources Sources => services.GetRequiredService<IArtifactSources>();

    public string Secrets => folder.File("secrets");

    /// <summary>As after a restart of the process: what is on disk stays, what is in memory goes.</summary>
    public void Restart()
    {
        services.Dispose();
        services = Start(null);
    }

    public static IEnumerable<string> FilesOf(Fleet.Sources.Artifacts.Artifact artifact) =>
        Directory.EnumerateFiles(artifact.Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(artifact.Folder, file)).Order(StringComparer.Ordinal);

    public void Dispose()
    {
        services.Dispose();
        folder.Dispose();
    }

    private ServiceProvider Start(SourcesOptions? options)
    {
        var collection = new ServiceCollection();
        if (options is not null)
            collection.AddSingleton(options with { Folder = folder.File("artifacts") });
        collection.AddHelm(new() { Folder = folder.File("helm"), BinaryPath = Testing.RealParts.Helm3.Path, SecretsFolder = folder.File("secrets") });
        collection.AddSources();
        return collection.BuildServiceProvider();
    }
}
