using Fleet.Testing.Processes;

namespace Fleet.Testing.Servers;

/// <summary>A bare Git repository on disk and a clone to commit with, made by git itself.</summary>
public sealed class GitFolder : IDisposable
{
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_AUTHOR_NAME"] = "test",
        ["GIT_AUTHOR_EMAIL"] = "test@example.org",
        ["GIT_COMMITTER_NAME"] = "test",
        ["GIT_COMMITTER_EMAIL"] = "test@example.org",
    };

    private readonly TemporaryFolder _folder = new("git");

    private GitFolder()
    {
    }

    /// <summary>Holds <see cref="Name"/>; what a server serves.</summary>
    public string Root => _folder.File("served");

    public string Name => "charts.git";

    /// <summary>The clone.</summary>
    public string Work => _folder.File("work");

    public static async Task<GitFolder> CreateAsync()
    {
        var git = new GitFolder();
        Directory.CreateDirectory(git.Root);
        await RunAsync(git.Root, "init", "--quiet", "--bare", "--initial-branch=main", git.Name);
        await RunAsync(git._folder.FullPath, "clone", "--quiet", Path.Combine(git.Root, git.Name), "work");
        await RunAsync(git.Work, "checkout", "--quiet", "-B", "main");
        return git;
    }

    /// <summary>Writes files, commits and pushes; gives the commit.</summary>
    public async Task<string> CommitAsync(params (string Path, string Content)[] files)
    {
        foreach (var (path, content) in files)
        {
            var file = Path.Combine(Work, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, content);
        }

        await GitAsync("add", "-A");
        await GitAsync("commit", "--quiet", "--allow-empty", "-m", "change");
        await GitAsync("push", "--quiet", "origin", "HEAD");
        return (await GitAsync("rev-parse", "HEAD")).Trim();
    }

    /// <summary>Any git command in the clone.</summary>
    public Task<string> GitAsync(params string[] arguments) => RunAsync(Work, arguments);

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();

    private static async Task<string> RunAsync(string folder, params string[] arguments) =>
        (await ProcessOutput.RunAsync("git", arguments, Environment, folder: folder)).MustSucceed().Out;
}
