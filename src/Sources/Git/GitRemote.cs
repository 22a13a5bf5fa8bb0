using Fleet.Helm.Errors;
using Fleet.Helm.Processes;
using Fleet.Sources.Artifacts;

namespace Fleet.Sources.Git;

/// <summary>One repository and the git processes of one fetch: bounded in time and in what they may put on disk.</summary>
/// <param name="place">Where redirects of the URL lead.</param>
internal sealed class GitRemote(
    GitSource source, Uri url, Uri place, IReadOnlyDictionary<string, string> environment, SourcesOptions options, ProcessRunner runner, TimeProvider time)
{
    private readonly SecretMask _mask = GitAccessFiles.MaskOf(source.Access);

    public string Shown { get; } = url.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.Port | UriComponents.Path, UriFormat.UriEscaped);

    private TimeSpan Limit => source.Timeout ?? options.Timeout;

    /// <summary>Names and commits that the server has, by pattern; a tag's name stands for the commit that it points to.</summary>
    public async Task<IReadOnlyDictionary<string, string>> RefsAsync(string pattern, string folder, CancellationToken ct)
    {
        var text = await RunAsync(folder, ["ls-remote", "--quiet", "--", place.OriginalString, pattern, pattern + "^{}"], ct);
        var refs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab is not (40 or 64)) continue;
            var name = line[(tab + 1)..];
            // An annotated tag is listed twice; the peeled line comes second and is the commit.
            refs[name.EndsWith("^{}", StringComparison.Ordinal) ? name[..^3] : name] = line[..tab];
        }
        return refs;
    }

    /// <summary>Fetches what a name or commit means now and gives the commit.</summary>
    public async Task<string> FetchAsync(string reference, bool wholeHistory, string folder, CancellationToken ct)
    {
        List<string> arguments = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--force", "--no-recurse-submodules"];
        if (!wholeHistory) arguments.AddRange(["--depth", "1"]);
        await RunAsync(folder, [.. arguments, "--", place.OriginalString, $"+{reference}:refs/fleet/wanted"], ct);
        return await CommitOfAsync("refs/fleet/wanted", folder, ct);
    }

    public async Task<string> CommitOfAsync(string name, string folder, CancellationToken ct) =>
        (await RunAsync(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"], ct)).Trim();

    public async Task InitializeAsync(string folder, CancellationToken ct)
    {
        await RunAsync(folder, ["init", "--quiet", "--bare", "."], ct);
        // Flux takes what is in the tree; attributes that change an archive are for releases.
        Directory.CreateDirectory(Path.Combine(folder, "info"));
        await File.WriteAllTextAsync(Path.Combine(folder, "info", "attributes"), "* -export-ignore -export-subst -text -eol -ident -filter -working-tree-encoding\n", ct);
    }

    public Task ArchiveAsync(string commit, string file, IReadOnlyList<string> folders, string folder, CancellationToken ct) =>
        RunAsync(folder, ["archive", "--format=tar", "-o", file, commit, .. folders.Count == 0 ? (string[])[] : ["--", .. folders]], ct);

    private async Task<string> RunAsync(string folder, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var tooLarge = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, tooLarge.Token);
        using var done = new CancellationTokenSource();
        var watching = WatchAsync(folder, tooLarge, done.Token);
        try
        {
            var result = await runner.RunAsync(new ProcessRequest
            {
                FileName = "git",
                Arguments = arguments,
                Environment = environment,
                WorkingDirectory = folder,
                Timeout = Limit,
                MaxOutputBytes = 16 * 1024 * 1024,
                MaxErrorBytes = 64 * 1024,
                Verb = "git-" + arguments[0],
            }, either.Token);
            if (result.TimedOut) throw new SourceException(SourceErrorKind.Timeout, $"{Shown}: git {arguments[0]} did not end within {Limit.TotalSeconds:0} s.");
            if (result.OutputTruncated) throw new SourceException(SourceErrorKind.Refused, $"{Shown}: the repository has more names than can be read.");
            return result.ExitCode == 0 ? result.Output : throw GitErrors.Read(Shown, result.Error, _mask);
        }
        catch (OperationCanceledException) when (tooLarge.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new SourceException(SourceErrorKind.Refused, $"{Shown}: the fetch brings more than {options.MaxGitBytes} bytes.");
        }
        catch (HelmException e)
        {
            throw new SourceException(SourceErrorKind.Invalid, e.Message, e);
        }
        finally
        {
            await done.CancelAsync();
            await watching;
        }
    }

    private async Task WatchAsync(string folder, CancellationTokenSource tooLarge, CancellationToken done)
    {
        using var timer = new PeriodicTimer(options.SizeCheck, time);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
                if (ArtifactStore.SizeOf(folder) > options.MaxGitBytes) await tooLarge.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The process has ended.
        }
        catch (DirectoryNotFoundException)
        {
            // Git made and removed a folder under our hands; the process itself is bounded in time.
        }
    }
}
