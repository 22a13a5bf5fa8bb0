using System.Text.RegularExpressions;

namespace Fleet.Helm.Errors;

/// <summary>
/// Turns helm's words into a kind. Helm has no error codes, so this is the one place that matches text; it is covered by a table of real messages of
/// both versions, and what it does not know stays Unknown with helm's own words.
/// </summary>
internal static partial class HelmErrorReader
{
    private const int MaxMessage = 4096;

    // Order matters: a schema failure is reported through "execution error" frames of parents, a full disk through anything.
    private static readonly (HelmErrorKind Kind, string[] Words)[] Table =
    [
        (HelmErrorKind.DiskFull, ["no space left on device", "disk quota exceeded"]),
        (HelmErrorKind.ValuesInvalid, ["values don't meet the specifications of the schema"]),
        (HelmErrorKind.Locked, ["another operation (install/upgrade/rollback) is in progress", "another operation is in progress"]),
        (HelmErrorKind.ReleaseNotFound, ["release: not found", "release not loaded"]),
        (HelmErrorKind.AuthenticationFailed, ["unauthorized", "authentication required", "the server has asked for the client to provide credentials"]),
        (HelmErrorKind.ClusterUnreachable, ["kubernetes cluster unreachable", "unable to connect to the server", "the server is currently unable to handle the request", "etcdserver: "]),
        (HelmErrorKind.RenderFailed,
            ["execution error at", "yaml parse error", "parse error at", "error converting yaml to json", "nil pointer evaluating", "executing \"", "error calling"]),
        (HelmErrorKind.FieldConflict, ["conflict occurred while applying object", "apply failed with "]),
        (HelmErrorKind.Timeout, ["timed out waiting for the condition", "context deadline exceeded", "timed out waiting"]),
        (HelmErrorKind.ReleaseFailed,
        [
            "upgrade failed", "installation failed", "has been rolled back", "has been uninstalled due to", "post-upgrade hooks failed", "pre-upgrade hooks failed",
            "failed pre-install", "failed post-install", "unable to build kubernetes objects", "cannot be imported into the current release", "uninstall",
            "is forbidden", "is invalid", "has been cancelled", "rollback",
        ]),
    ];

    public static HelmException Read(string verb, string error, int exitCode, bool timedOut, SecretMask mask)
    {
        var words = Words(error);
        var kind = timedOut ? HelmErrorKind.Timeout : Kind(words);
        var message = mask.Apply(words.Length == 0 ? $"helm {verb} ended with {exitCode} and said nothing." : words);
        if (timedOut) message = $"helm {verb} was ended because its time limit passed. {message}".TrimEnd();
        return new HelmException(kind, Bound(message))
        {
            Violations = kind == HelmErrorKind.ValuesInvalid ? [.. Violations(words).Select(v => v with { Message = mask.Apply(v.Message) })] : [],
        };
    }

    internal static HelmErrorKind Kind(string words)
    {
        foreach (var (kind, candidates) in Table)
        {
            foreach (var candidate in candidates)
                if (words.Contains(candidate, StringComparison.OrdinalIgnoreCase)) return kind;
            if (kind == HelmErrorKind.ClusterUnreachable && IsUnanswered(words)) return kind;
        }
        return HelmErrorKind.Unknown;
    }

    // The API server went away in the middle. One that does answer, and says that its webhook does not, is another matter.
    private static bool IsUnanswered(string words) => Unanswered().IsMatch(words) && !words.Contains("webhook", StringComparison.OrdinalIgnoreCase);

    /// <summary>Lines under "in the following chart(s):" are <c>chart:</c> headings and <c>- path: message</c> (helm 3) or <c>- at '/path': message</c> (helm 4).</summary>
    internal static IEnumerable<SchemaViolation> Violations(string words)
    {
        var chart = "";
        foreach (var line in words.Split('\n', StringSplitOptions.TrimEntries).SkipWhile(l => !l.Contains("in the following chart(s)", StringComparison.Ordinal)).Skip(1))
        {
            if (line.StartsWith("- ", StringComparison.Ordinal))
            {
                var pointer = PointerLine().Match(line);
                if (pointer.Success)
                {
                    yield return new SchemaViolation(chart, Dotted(pointer.Groups[1].Value), pointer.Groups[2].Value);
                    continue;
                }
                var colon = line.IndexOf(": ", StringComparison.Ordinal);
                var path = colon < 0 ? "" : line[2..colon];
                yield return new SchemaViolation(chart, path == "(root)" ? "" : path, colon < 0 ? line[2..] : line[(colon + 2)..]);
            }
            else if (line.EndsWith(':'))
            {
                chart = line[..^1];
            }
        }
    }

    private static string Dotted(string pointer) =>
        string.Join('.', pointer.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)));

    // Warnings and the advice to use --debug are not what went wrong.
    private static string Words(string error)
    {
        var lines = error.Split('\n')
            .Select(l => l.TrimEnd())
            .Where(l => l.Length > 0
                && !l.StartsWith("WARNING:", StringComparison.Ordinal)
                && !l.StartsWith("Flag --", StringComparison.Ordinal)
                && !l.StartsWith("Use --debug", StringComparison.Ordinal)
                && !LogLine().IsMatch(l))
            .ToList();
        var first = lines.FindIndex(l => l.StartsWith("Error:", StringComparison.Ordinal));
        if (first >= 0)
        {
            lines[first] = lines[first]["Error:".Length..].TrimStart();
            lines = lines[first..];
        }
        return string.Join('\n', lines);
    }

    private static string Bound(string message) => message.Length <= MaxMessage ? message : message[..MaxMessage] + " …";

    [GeneratedRegex("^- at '([^']*)': (.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex PointerLine();

    // As Go's HTTP client says it: Post "https://…": dial tcp …: connect: connection refused.
    [GeneratedRegex(
        @"\b(Get|Post|Put|Patch|Delete) ""https?://[^""]*"": .*(connection refused|\bEOF\b|connection reset by peer|broken pipe|client connection lost|GOAWAY|no route to host|i/o timeout|TLS handshake timeout)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Unanswered();

    // klog (I1120 …) and slog (level=WARN) lines.
    [GeneratedRegex(@"^([IWE]\d{4} |level=|time=)", RegexOptions.CultureInvariant)]
    private static partial Regex LogLine();
}
