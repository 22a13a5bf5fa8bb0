namespace Fleet.Rest.Tls;

/// <summary>Where the certificate of a server is, in PEM: with all certificates between it and its authority, and its key.</summary>
public sealed record TlsFiles(string Certificate, string Key)
{
    /// <summary>As a command line says it (<c>--tls-cert FILE --tls-key FILE</c>). Null when there is none.</summary>
    /// <exception cref="FormatException">One is said without the other.</exception>
    public static TlsFiles? For(string? certificate, string? key) => (certificate, key) switch
    {
        (null or "", null or "") => null,
        ({ Length: > 0 }, { Length: > 0 }) => new(certificate, key),
        _ => throw new FormatException("--tls-cert and --tls-key belong together: for example --tls-cert /etc/fleet/tls/tls.crt --tls-key /etc/fleet/tls/tls.key"),
    };

    /// <exception cref="FormatException">A file cannot be read; which one, and why.</exception>
    internal PemPair Read() => new(Read("--tls-cert", Certificate), Read("--tls-key", Key));

    private static string Read(string option, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{option}: {file} cannot be read: {e.Message}", e);
        }
    }
}
