using System.Diagnostics;

namespace Fleet.Packaging.Tests;

/// <summary>The files that are packed, and the tools that look at them.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(Path(parts));

    /// <summary>The texts of all source files below a folder, in the order of their paths.</summary>
    public static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(Path(folder), pattern, SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllText);

    /// <summary>Runs a tool with arguments as a list; its output is in UTF-8.</summary>
    public static (int Code, string Out, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>helm 3 and 4, as tests/real/install.sh puts them into the cache.</summary>
    public static string Helm(string version) => System.IO.Path.Combine(
        Environment.GetEnvironmentVariable("FLEET_CACHE") is { Length: > 0 } cache ? cache
        : System.IO.Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home ? home : System.IO.Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/tmp", ".cache"), "fleet"),
        "helm", version, "helm");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
            if (File.Exists(System.IO.Path.Combine(folder, "Fleet.sln")))
                return folder;
        throw new DirectoryNotFoundException("The tests are outside of the repository.");
    }
}
