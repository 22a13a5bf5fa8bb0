using System.Text;

namespace Fleet.Helm.Errors;

/// <summary>Replaces secrets, as they are and in base64, in text that leaves an operation.</summary>
public sealed class SecretMask
{
    // Shorter ones would blank out ordinary words, and a three-letter password is none.
    private const int MinLength = 4;

    private readonly IReadOnlyList<string> _secrets;

    public SecretMask(IEnumerable<string> secrets)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var secret in secrets)
        {
            if (secret.Length < MinLength) continue;
            all.Add(secret);
            all.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)));
            // Error messages quote text as Go or JSON does, line by line.
            foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries))
                if (line.Length >= 2 * MinLength) all.Add(line);
        }
        // Longest first, so that a secret that contains another is masked whole.
        _secrets = [.. all.OrderByDescending(s => s.Length)];
    }

    public static SecretMask None { get; } = new([]);

    public string Apply(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }
}
