using Fleet.Helm.Errors;
using Fleet.Helm.Processes;

namespace Fleet.Helm.Binary;

/// <summary>Finds helm (option, FLEET_HELM, PATH) and checks its version. A success is remembered; a failure is tried again at the next call.</summary>
public sealed class HelmBinaryLocator
{
    /// <summary>Names the binary when no option does.</summary>
    public const string Variable = "FLEET_HELM";

    private readonly HelmOptions _options;
    private readonly ProcessRunner _runner;
    private readonly HelmEnvironment _environment;
    private volatile HelmBinary? _found;

    internal HelmBinaryLocator(HelmOptions options, ProcessRunner runner, HelmEnvironment environment)
    {
        _options = options;
        _runner = runner;
        _environment = environment;
    }

    /// <summary>Throws <see cref="HelmException"/> with kind BinaryMissing and the fix in the message.</summary>
    public async Task<HelmBinary> FindAsync(CancellationToken ct)
    {
        if (_found is { } known) return known;
        var path = Locate();
        var result = await _runner.RunAsync(new ProcessRequest
        {
            FileName = path,
            Arguments = ["version", "--template", "{{.Version}}"],
            Environment = _environment.Variables,
            WorkingDirectory = _environment.Home,
            Timeout = _options.QuickTimeout,
            Verb = "version",
        }, ct);
        var version = HelmVersion.Parse(result.Output.Trim());
        if (result.ExitCode != 0 || version is null)
            throw new HelmException(HelmErrorKind.BinaryMissing, $"{path} does not answer as helm does ('helm version' ended with {result.ExitCode}). Install helm 3 or 4, or set {Variable} to its path.");
        if (!version.Value.IsSupported)
            throw new HelmException(HelmErrorKind.BinaryMissing, $"{path} is helm {version}; Fleet works with helm 3 and 4. Install one of them, or set {Variable} to its path.");
        return _found = new HelmBinary(path, version.Value);
    }

    private string Locate()
    {
        var named = _options.BinaryPath ?? Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            if (File.Exists(named)) return Path.GetFullPath(named);
            throw new HelmException(HelmErrorKind.BinaryMissing, $"There is no helm at {named}. Correct {Variable} (or the option), or unset it to use helm from PATH.");
        }
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var candidate = Path.Combine(folder, "helm");
            if (File.Exists(candidate)) return candidate;
        }
        throw new HelmException(HelmErrorKind.BinaryMissing, $"helm is not on PATH. Install helm 3 or 4, or set {Variable} to its path.");
    }
}
