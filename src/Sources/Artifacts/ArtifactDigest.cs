using System.Security.Cryptography;
using System.Text;

namespace Fleet.Sources.Artifacts;

/// <summary>The digest of a folder: SHA-256 over each path and the SHA-256 of its content, in order of the paths.</summary>
internal static class ArtifactDigest
{
    public static async Task<string> OfAsync(string folder, CancellationToken ct)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        var files = Directory.EnumerateFiles(folder, "*", options).Select(file => (Name: Path.GetRelativePath(folder, file), File: file));
        foreach (var (name, file) in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            await using var content = File.OpenRead(file);
            var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
            whole.AppendData(Encoding.UTF8.GetBytes($"{digest}  {name}\n"));
        }
        return Convert.ToHexStringLower(whole.GetHashAndReset());
    }
}
