namespace Fleet.Expressions;

/// <summary>An absolute URL, or an absolute path.</summary>
internal sealed record CelUrl(string Text, string Scheme, string Host, string Hostname, string Port, string Path)
{
    /// <summary>Values by key.</summary>
    public CelDictionary Query { get; private init; } = new([]);

    public static CelUrl? Parse(string text)
    {
        if (text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal))
        {
            var mark = text.IndexOf('?', StringComparison.Ordinal);
            return new CelUrl(text, "", "", "", "", mark < 0 ? text : text[..mark]) { Query = Split(mark < 0 ? "" : text[(mark + 1)..]) };
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || text.Contains(' ', StringComparison.Ordinal)) return null;
        // Uri fills in default ports and a root path; the parts are as they were written.
        var authority = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? text[(at + 3)..].Split('/', '?', '#')[0] : "";
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = host.LastIndexOf(':');
        var hasPort = colon > host.LastIndexOf(']');
        var path = uri.AbsolutePath == "/" && !text.Split('?', '#')[0].EndsWith('/') ? "" : uri.AbsolutePath;
        return new CelUrl(text, uri.Scheme, host, (hasPort ? host[..colon] : host).Trim('[', ']'), hasPort ? host[(colon + 1)..] : "", path)
        {
            Query = Split(uri.Query.TrimStart('?')),
        };
    }

    public override string ToString() => Text;

    private static CelDictionary Split(string query)
    {
        var values = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2))
            .GroupBy(p => Uri.UnescapeDataString(p[0]), p => (object?)Uri.UnescapeDataString(p.Length > 1 ? p[1] : ""), StringComparer.Ordinal);
        return new CelDictionary(values.ToDictionary(g => (object)g.Key, g => (object?)new CelArray([.. g])));
    }
}
