using System.Security.Cryptography;

namespace Fleet.Rest.WebConsole;

/// <summary>The files of the console by their path. Read once: a build makes new names, and a page never meets files of two builds.</summary>
internal sealed class ConsoleFiles
{
    public const string Index = "/index.html";

    /// <summary>Files below it have a hash of their content in their name.</summary>
    private const string Hashed = "/assets/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".woff2"] = "font/woff2",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private readonly Dictionary<string, ConsoleFile> byPath = new(StringComparer.Ordinal);

    /// <returns>Null when the console was not built.</returns>
    public static ConsoleFiles? Read(string folder)
    {
        if (!File.Exists(folder + Index))
            return null;
        var files = new ConsoleFiles();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            // Of other kinds nothing is served: they got there by mistake, or are compressed forms of these.
            if (Types.TryGetValue(Path.GetExtension(path), out var type))
            {
                var plain = File.ReadAllBytes(path);
                var name = "/" + Path.GetRelativePath(folder, path).Replace('\\', '/');
                files.byPath[name] = new(
                    type, Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 12)), name.StartsWith(Hashed, StringComparison.Ordinal), plain, Beside(path, ".br"), Beside(path, ".gz"));
            }
        return files;
    }

    public ConsoleFile? Find(string path) => byPath.GetValueOrDefault(path);

    private static byte[]? Beside(string path, string ending) => File.Exists(path + ending) ? File.ReadAllBytes(path + ending) : null;
}
