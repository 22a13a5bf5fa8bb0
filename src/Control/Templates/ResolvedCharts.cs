using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Fleet.Helm;

namespace Fleet.Control.Templates;

/// <summary>
/// Which chart a version of a source turned out to be, kept on disk over restarts: a repository that is away for a while then takes nothing from those who
/// have its charts already.
/// </summary>
internal sealed class ResolvedCharts
{
    private readonly string folder;
    private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);

    public ResolvedCharts(HelmOptions options)
    {
        folder = Path.Combine(Path.GetFullPath(options.Folder), "resolved");
        Directory.CreateDirectory(folder);
    }

    /// <summary>Digest of the chart; null when this version of this source was never resolved here.</summary>
    public string? Find(string source, string chart, string version)
    {
        var name = NameOf(source, chart, version);
        if (known.TryGetValue(name, out var digest))
            return digest;
        var file = Path.Combine(folder, name);
        return File.Exists(file) ? known[name] = File.ReadAllText(file).Trim() : null;
    }

    public void Remember(string source, string chart, string version, string digest)
    {
        var name = NameOf(source, chart, version);
        if (known.TryGetValue(name, out var before) && before == digest)
            return;
        known[name] = digest;
        try
        {
            var temporary = Path.Combine(folder, $".{name}-{RandomNumberGenerator.GetHexString(8)}");
            File.WriteAllText(temporary, digest);
            File.Move(temporary, Path.Combine(folder, name), overwrite: true);
        }
        catch (IOException)
        {
            // A full disk: the chart itself is there, and this process remembers.
        }
    }

    private static string NameOf(string source, string chart, string version) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\0{chart}\0{version}")));
}
