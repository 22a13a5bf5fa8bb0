using System.Text;
using System.Text.Json.Nodes;
using Fleet.Helm.Binary;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;

namespace Fleet.Helm.Processes;

/// <summary>One call of helm: private folder, values and kubeconfig as files, the process, and the error read. The folder is gone when the call returns.</summary>
internal sealed class HelmRunner(HelmOptions options, HelmBinaryLocator locator, ProcessRunner runner, HelmEnvironment environment, PrivateFolders folders)
{
    // Helm gets the chance to report its own time-out, which says what it waited for.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    public Task<HelmBinary> BinaryAsync(CancellationToken ct) => locator.FindAsync(ct);

    public PrivateFolder CreateFolder()
    {
        try
        {
            return folders.Create();
        }
        catch (IOException e)
        {
            throw new HelmException(HelmErrorKind.DiskFull, $"The folder for helm's files cannot be made: {e.Message}", e);
        }
    }

    public static TimeSpan WithMargin(TimeSpan timeout) => timeout + Margin;

    /// <summary>Against a cluster. <paramref name="arguments"/> gets the path of the values file (null without values).</summary>
    public async Task<ProcessResult> RunAsync(
        ClusterAccess cluster, JsonObject? values, Func<string?, IReadOnlyList<string>> arguments, TimeSpan? timeout, IReadOnlyCollection<string> secrets, CancellationToken ct,
        IReadOnlyDictionary<string, string>? more = null)
    {
        var mask = new SecretMask([.. KubeconfigSecrets.Check(cluster), .. secrets]);
        using var folder = CreateFolder();
        var kubeconfig = await WriteAsync(folder, "kubeconfig", Encoding.UTF8.GetBytes(cluster.Kubeconfig), ct);
        var valuesFile = values is null ? null : await WriteAsync(folder, "values.json", YamlValues.ToFile(values), ct);
        List<string> all = [.. arguments(valuesFile), "--kubeconfig", kubeconfig];
        if (cluster.Context is { Length: > 0 } context) all.AddRange(["--kube-context", context]);
        return await RunAsync(folder, all, timeout, mask, ct, more);
    }

    /// <summary>Without a cluster, in a folder of the caller's; with more in its environment than the usual.</summary>
    public async Task<ProcessResult> RunAsync(
        PrivateFolder folder, IReadOnlyList<string> arguments, TimeSpan? timeout, SecretMask mask, CancellationToken ct, IReadOnlyDictionary<string, string>? more = null)
    {
        var binary = await locator.FindAsync(ct);
        var variables = new Dictionary<string, string>(environment.Variables, StringComparer.Ordinal) { ["TMPDIR"] = folder.Path };
        foreach (var (name, value) in more ?? new Dictionary<string, string>())
            variables[name] = value;
        var result = await runner.RunAsync(new ProcessRequest
        {
            FileName = binary.Path,
            Arguments = arguments,
            Environment = variables,
            WorkingDirectory = folder.Path,
            Timeout = timeout ?? options.QuickTimeout,
            Verb = arguments[0],
        }, ct);
        if (result.TimedOut || result.ExitCode != 0) throw HelmErrorReader.Read(arguments[0], result.Error, result.ExitCode, result.TimedOut, mask);
        return result;
    }

    public static async Task<string> WriteAsync(PrivateFolder folder, string name, byte[] content, CancellationToken ct)
    {
        try
        {
            return await folder.WriteAsync(name, content, ct);
        }
        catch (IOException e)
        {
            throw new HelmException(HelmErrorKind.DiskFull, $"The files for helm cannot be written: {e.Message}", e);
        }
    }
}
