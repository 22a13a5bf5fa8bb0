using Fleet.Helm;
using Fleet.Helm.Binary;
using Fleet.Helm.Kustomizations;
using Fleet.Helm.Releases;
using Fleet.Helm.Rendering;
using Fleet.Helm.Repositories;
using Fleet.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Integration.Tests.Helm;

/// <summary>Fleet's Helm as a host has it, with one of the real binaries and a folder of its own.</summary>
internal sealed class HelmHost : IDisposable
{
    private readonly TemporaryFolder _folder = new("helm");
    private readonly ServiceProvider _services;

    public HelmHost(string version, Func<HelmOptions, HelmOptions>? change = null)
    {
        var binary = Fleet.Testing.RealParts.Helms.Single(h => h.Version == version).Path;
        var options = new HelmOptions { Folder = _folder.File("data"), BinaryPath = binary, SecretsFolder = _folder.File("secrets") };
        Options = change?.Invoke(options) ?? options;
        _services = new ServiceCollection().AddHelm(Options).BuildServiceProvider();
    }

    public static TheoryData<string> Versions => [.. Fleet.Testing.RealParts.Helms.Select(h => h.Version)];

    public HelmOptions Options { get; }
    public IHelm Releases => _services.GetRequiredService<IHelm>();
    public IChartRepositories Charts => _services.GetRequiredService<IChartRepositories>();
    public ITemplateRenderer Renderer => _services.GetRequiredService<ITemplateRenderer>();
    public IKustomize Kustomize => _services.GetRequiredService<IKustomize>();
    public HelmBinaryLocator Binary => _services.GetRequiredService<HelmBinaryLocator>();

    /// <summary>Files of operations that are still there; only the owner's lock may be.</summary>
    public IEnumerable<string> LeftOver() =>
        Directory.Exists(Options.SecretsFolder)
            ? Directory.EnumerateFiles(Options.SecretsFolder!, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "owner.lock")
            : [];

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }
}
