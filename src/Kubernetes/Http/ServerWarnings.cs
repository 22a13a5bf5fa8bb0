using System.Net.Http.Headers;

namespace Fleet.Kubernetes.Http;

/// <summary>Reads Warning headers as Kubernetes sends them: <c>299 - "text"</c> (RFC 7234, section 5.5). Pure.</summary>
internal static class ServerWarnings
{
    public static IEnumerable<string> Of(HttpResponseHeaders headers) =>
        headers.Warning.Where(warning => warning.Code == 299).Select(warning => Unquote(warning.Text));

    private static string Unquote(string quoted) =>
        quoted.Length >= 2 && quoted[0] == '"' && quoted[^1] == '"'
            ? quoted[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)
            : quoted;
}
