using System.Diagnostics.Metrics;
using Fleet.Helm.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Helm.Tests.Processes;

/// <summary>Options in a temporary folder, and the parts that need them.</summary>
internal sealed class HelmParts : IDisposable
{
    private readonly ServiceProvider _services;

    public HelmParts(Func<HelmOptions, HelmOptions>? change = null)
    {
        Folder = Directory.CreateTempSubdirectory("fleet-helm-test-").FullName;
        var options = new HelmOptions { Folder = Path.Combine(Folder, "data"), SecretsFolder = Path.Combine(Folder, "secrets") };
        Options = change?.Invoke(options) ?? options;
        _services = new ServiceCollection().AddHelm(Options).BuildServiceProvider();
    }

    public string Folder { get; }
    public HelmOptions Options { get; }
    public ProcessRunner Runner => Get<ProcessRunner>();
    public ProcessMetrics Metrics => Get<ProcessMetrics>();
    public IMeterFactory Meters => Get<IMeterFactory>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A shell script as the process: what a helm could do, without one.</summary>
    public ProcessRequest Script(string script, TimeSpan? timeout = null) => new()
    {
        FileName = "/bin/sh",
        Arguments = ["-c", script],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        WorkingDirectory = Folder,
        Timeout = timeout ?? TimeSpan.FromSeconds(20),
        Verb = "script",
    };

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
