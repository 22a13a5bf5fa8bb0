using System.Text.RegularExpressions;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Which values of an object may be secret. Wide on purpose: a value too few is a nuisance, one too many is a leak. Pure.</summary>
internal static partial class SecretFields
{
    public static bool May(string kind, string path, string field) =>
        (kind == "Secret" && (path.StartsWith("data", StringComparison.Ordinal) || path.StartsWith("stringData", StringComparison.Ordinal)))
        || (SecretName().IsMatch(field) && !Reference().IsMatch(field))
        // Files, scripts and user data of machines carry what they like.
        || FileContent().IsMatch(path);

    [GeneratedRegex("pass(word|wd|phrase)|token|secret|credential|private.?key|access.?key|api.?key|user.?data|ignition", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    // Names of Secrets are no secrets.
    [GeneratedRegex("(Ref|Refs|Name|Names|Kind|Namespace|Policy|TTL|Type)$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"files\[[^\]]*\]\.content$|Commands\[[^\]]*\]$|^data\[?|binaryData")]
    private static partial Regex FileContent();
}
