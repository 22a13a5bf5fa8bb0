using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>A secret that must not turn up.</summary>
/// <param name="Name">What a failed test calls it.</param>
internal sealed partial record Canary(string Name, byte[] Secret)
{
    /// <summary>Of a private key the beginning of its number: the rest of the file is the same in all keys, or public.</summary>
    private const int KeyBytes = 12;

    public Canary(string secret) : this(secret, Encoding.UTF8.GetBytes(secret))
    {
    }

    /// <summary>What is secret in a file: the number of a private key in PEM, also within a kubeconfig, else its text.</summary>
    public static Canary Of(string name, string text)
    {
        if (ClientKey().Match(text) is { Success: true } match)
            text = Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value));
        if (!text.Contains("PRIVATE KEY", StringComparison.Ordinal))
            return new(name, Encoding.UTF8.GetBytes(text.Trim()));
        using var key = ECDsa.Create();
        key.ImportFromPem(text);
        return new(name, key.ExportParameters(includePrivateParameters: true).D![..KeyBytes]);
    }

    /// <summary>As it is, in hexadecimal, and in base64 (once, or twice as a kubeconfig in a Secret) wherever it begins in what was encoded.</summary>
    public IEnumerable<string> Forms()
    {
        yield return Encoding.Latin1.GetString(Secret);
        yield return Convert.ToHexStringLower(Secret);
        foreach (var once in Base64(Secret))
        {
            yield return once;
            foreach (var twice in Base64(Encoding.ASCII.GetBytes(once)))
                yield return twice;
        }
    }

    private static IEnumerable<string> Base64(byte[] secret)
    {
        for (var before = 0; before < 3; before++)
        {
            var whole = Convert.ToBase64String([.. new byte[before], .. secret]);
            // The characters at both ends have bits of their neighbours.
            yield return whole[((before * 8 + 5) / 6)..((before + secret.Length) * 8 / 6)];
        }
    }

    [GeneratedRegex(@"client-key-data: ""?([A-Za-z0-9+/=]+)")]
    private static partial Regex ClientKey();
}
