using Fleet.Rest.Problems;

namespace Fleet.Rest.Requests;

/// <summary>
/// ETags: an object's is its resourceVersion, strong, where it shows more than the object a suffix after <c>-</c>; a list's is weak.
/// </summary>
public static class ETags
{
    public static string Strong(string? resourceVersion, string? more = null) => more is null ? $"\"{resourceVersion}\"" : $"\"{resourceVersion}-{more}\"";

    /// <summary>Whether the caller has this already, by <c>If-None-Match</c> (weak comparison, RFC 9110 13.1.2).</summary>
    public static bool IsKnown(HttpRequest request, string etag) =>
        request.Headers.IfNoneMatch.SelectMany(line => (line ?? "").Split(','))
            .Select(tag => tag.Trim())
            .Any(tag => tag == "*" || Opaque(tag) == Opaque(etag));

    /// <summary>
    /// The resourceVersion that <c>If-Match</c> asks for; null where the header is absent or <c>*</c>. Weak tags, several tags and anything that is
    /// no tag of ours are refused: a precondition that is not understood must not be passed over.
    /// </summary>
    public static string? Wanted(HttpRequest request, bool required)
    {
        var header = request.Headers.IfMatch.ToString().Trim();
        if (header.Length == 0)
            return required ? throw new ProblemException(ProblemKind.PreconditionRequired, "say which version you have seen: If-Match with the ETag of the cluster, or * for any") : null;
        if (header == "*")
            return null;
        if (header.Length < 3 || header[0] != '"' || header[^1] != '"')
            throw ProblemException.Invalid("header If-Match", "must be one strong ETag as a GET gave it, or *");
        var version = header[1..^1].Split('-')[0];
        return version.Length is > 0 and <= 64 && version.All(char.IsAsciiLetterOrDigit)
            ? version
            : throw ProblemException.Invalid("header If-Match", "must be one strong ETag as a GET gave it, or *");
    }

    private static string Opaque(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
}
