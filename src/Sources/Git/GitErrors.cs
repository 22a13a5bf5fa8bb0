using Fleet.Helm.Errors;

namespace Fleet.Sources.Git;

/// <summary>Turns git's and ssh's words into a kind. Git has no error codes that tell, so this is the one place that matches text. Pure.</summary>
internal static class GitErrors
{
    private const int MaxMessage = 600;

    private static readonly (SourceErrorKind Kind, string[] Words)[] Table =
    [
        (SourceErrorKind.DiskFull, ["no space left on device"]),
        (SourceErrorKind.AuthenticationFailed,
        [
            "authentication failed", "could not read username", "could not read password", "terminal prompts disabled", "permission denied", "host key verification failed",
            "returned error: 401", "returned error: 403", "server certificate verification failed", "ssl certificate problem", "invalid format", "error in libcrypto",
        ]),
        (SourceErrorKind.NotFound,
        [
            "repository not found", "returned error: 404", "couldn't find remote ref", "could not find remote ref", "does not appear to be a git repository", "not our ref", "no such remote ref",
            "/info/refs not found", "' not found", "unadvertised object",
        ]),
    ];

    public static SourceException Read(string shown, string error, SecretMask mask)
    {
        var words = string.Join(' ', error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("warning:", StringComparison.Ordinal) && !line.StartsWith("hint:", StringComparison.Ordinal))
            .Select(line => line.StartsWith("fatal: ", StringComparison.Ordinal) ? line["fatal: ".Length..] : line));
        var kind = KindOf(words);
        // Git would have asked a person now; that it could not is not what went wrong.
        if (words.Contains("could not read Username", StringComparison.Ordinal) || words.Contains("could not read Password", StringComparison.Ordinal))
            words = "the server does not let us in with these credentials, or wants some and there are none";
        var message = mask.Apply(words.Length > MaxMessage ? words[..MaxMessage] + "…" : words);
        return new(kind, $"{shown}: {(message.Length == 0 ? "git failed and said nothing" : message)}");
    }

    public static SourceErrorKind KindOf(string words)
    {
        foreach (var (kind, candidates) in Table)
            if (candidates.Any(candidate => words.Contains(candidate, StringComparison.OrdinalIgnoreCase))) return kind;
        return SourceErrorKind.Unreachable;
    }
}
