using Fleet.Helm.Binary;
using Fleet.Helm.Errors;
using Fleet.Helm.Processes;

namespace Fleet.Helm.Kustomizations;

internal sealed class KubectlKustomize(HelmOptions options, KubectlLocator locator, ProcessRunner runner, HelmEnvironment environment, PrivateFolders folders) : IKustomize
{
    /// <summary>Far more than a release can hold.</summary>
    private const int MaxOutput = 8 * 1024 * 1024;

    private const int MaxMessage = 1024;

    public async Task<string> BuildAsync(KustomizeRequest request, CancellationToken ct)
    {
        using var own = CreateFolder();
        var root = request.Folder ?? await WriteAsync(own, request.Files, ct);
        var result = await runner.RunAsync(
            new ProcessRequest
            {
                FileName = locator.Locate(),
                Arguments = ["kustomize", Path.Combine(root, request.Path), "--load-restrictor", "LoadRestrictionsRootOnly"],
                Environment = Environment(own),
                WorkingDirectory = own.Path,
                Timeout = options.QuickTimeout,
                MaxOutputBytes = MaxOutput,
                MaxErrorBytes = 64 * 1024,
                Verb = "kustomize",
            },
            ct);
        if (result.TimedOut)
            throw new HelmException(HelmErrorKind.Timeout, $"kubectl kustomize did not end within {options.QuickTimeout.TotalSeconds:0} s");
        if (result.OutputTruncated)
            throw new HelmException(HelmErrorKind.RenderFailed, $"the kustomization makes more than {MaxOutput / 1024 / 1024} MiB of manifests");
        return result.ExitCode == 0 ? result.Output : throw new HelmException(HelmErrorKind.RenderFailed, Words(result.Error, root, request.Secrets));
    }

    /// <summary>No program to start, no proxy that answers, no kubeconfig: the second wall behind the check of what the kustomization refers to.</summary>
    private Dictionary<string, string> Environment(PrivateFolder own) => new(StringComparer.Ordinal)
    {
        ["HOME"] = own.Path,
        ["TMPDIR"] = own.Path,
        ["LANG"] = "C.UTF-8",
        ["PATH"] = Path.Combine(environment.Home, "no-programs"),
        ["KUBECONFIG"] = Path.Combine(environment.Home, "no-kubeconfig"),
        ["HTTP_PROXY"] = "http://127.0.0.1:9",
        ["HTTPS_PROXY"] = "http://127.0.0.1:9",
        ["GOMEMLIMIT"] = "256MiB",
    };

    internal static string Words(string error, string root, IReadOnlyCollection<string> secrets)
    {
        var words = string.Join(' ', error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Replace(root + "/", "", StringComparison.Ordinal).Replace(root, ".", StringComparison.Ordinal);
        if (words.StartsWith("error: ", StringComparison.Ordinal))
            words = words["error: ".Length..];
        words = new SecretMask(secrets).Apply(words);
        return words.Length <= MaxMessage ? words : words[..MaxMessage] + "…";
    }

    private PrivateFolder CreateFolder()
    {
        try
        {
            return folders.Create();
        }
        catch (IOException e)
        {
            throw new HelmException(HelmErrorKind.DiskFull, $"The folder for kubectl's files cannot be made: {e.Message}", e);
        }
    }

    private static async Task<string> WriteAsync(PrivateFolder own, IReadOnlyDictionary<string, byte[]> files, CancellationToken ct)
    {
        var root = Path.Combine(own.Path, "source");
        Directory.CreateDirectory(root);
        foreach (var (name, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, name))!);
            await HelmRunner.WriteAsync(own, Path.Combine("source", name), content, ct);
        }
        return root;
    }
}
