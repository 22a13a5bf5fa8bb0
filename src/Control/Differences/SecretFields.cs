using System.Text.RegularExpressions;

namespace Fleet.Control.Differences;

/// <summary>Which values of an object may be secret. Wide on purpose: a value too few is a nuisance, one too many is a leak. Pure.</summary>
public static partial class SecretFields
{
    public static bool May(string kind, string path, string field) =>
        ByName(kind, path, field)
        // Files, scripts and user data of machines carry what they like.
        || FileContent().IsMatch(path);

    /// <summary>By kind and name alone: for objects whose secret texts are known and masked besides, such as those of services.</summary>
    public static bool ByName(string kind, string path, string field) =>
        (kind == "Secret" && (path.StartsWith("data", StringComparison.Ordinal) || path.StartsWith("stringData", StringComparison.Ordinal)))
        || (SecretName().IsMatch(field) && !Reference().IsMatch(field));

    [GeneratedRegex("pass(word|wd|phrase)|token|secret|credential|private.?key|access.?key|api.?key|user.?data|ignition", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    // Names of Secrets are no secrets.
    [GeneratedRegex("(Ref|Refs|Name|Names|Kind|Namespace|Policy|TTL|Type)$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"files\[[^\]]*\]\.content$|Commands\[[^\]]*\]$|^data\[?|binaryData")]
    private static partial Regex FileContent();
}
