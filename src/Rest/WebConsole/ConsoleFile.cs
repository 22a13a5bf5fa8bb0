namespace Fleet.Rest.WebConsole;

/// <summary>One file of the console, in memory as it was built, with what its build has compressed.</summary>
internal sealed record ConsoleFile(string ContentType, string Tag, bool IsImmutable, byte[] Plain, byte[]? Brotli, byte[]? Gzip)
{
    /// <summary>The smallest form that the caller takes, and the name of its encoding; null is the plain one.</summary>
    public (byte[] Bytes, string? Encoding) For(HttpRequest request)
    {
        if (Brotli is not null && Takes(request, "br"))
            return (Brotli, "br");
        return Gzip is not null && Takes(request, "gzip") ? (Gzip, "gzip") : (Plain, null);
    }

    private static bool Takes(HttpRequest request, string encoding) =>
        request.GetTypedHeaders().AcceptEncoding.Any(taken => taken.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && taken.Quality is not 0);
}
