using System.CommandLine;
using System.Security.Authentication;
using Fleet.Cli.Output;
using Fleet.Cli.Sessions;
using Fleet.Control.Certificates;

namespace Fleet.Cli.Connection;

/// <summary>Whom the CLI trusts to vouch for the REST API's certificate: one file and nobody else, or else whom the system trusts. There is no way to trust anybody.</summary>
internal static class RestTrust
{
    public static Option<string?> AuthorityOption { get; } = new("--certificate-authority")
    {
        Description = "File with who vouches for the certificate of the REST API (PEM). Default: the running fleet's, else $FLEET_CA, else that of `fleet login`, else the system's",
        Recursive = true,
    };

    /// <exception cref="CommandException">The file that vouches cannot be used.</exception>
    public static HttpClient Client(ParseResult parsed, Uri address, TimeSpan patience) => Client(FileFor(parsed, address), address, patience);

    /// <param name="authorityFile">Null: whom the system trusts.</param>
    /// <exception cref="CommandException">As above.</exception>
    public static HttpClient Client(string? authorityFile, Uri address, TimeSpan patience)
    {
        var handler = new SocketsHttpHandler();
        if (authorityFile is not null && address.Scheme == Uri.UriSchemeHttps)
            try
            {
                handler.SslOptions.CertificateChainPolicy = TrustedRoots.Of(authorityFile);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new CommandException($"Whom to trust at {address} cannot be read: {e.Message}", ExitCodes.Usage);
            }
        return new(handler) { BaseAddress = address, Timeout = patience };
    }

    /// <summary>What to say when nothing comes back.</summary>
    public static CommandException Unreachable(Uri? address, HttpRequestException error) => error.InnerException is AuthenticationException refused
        ? new($"The certificate that {address} shows is not trusted, and nothing was sent there ({refused.Message}). Name the authority that vouches for it with --certificate-authority FILE.", ExitCodes.NotRunning)
        : new($"{address} does not answer: {error.Message}", ExitCodes.NotRunning);

    private static string? FileFor(ParseResult parsed, Uri address)
    {
        if (parsed.GetValue(AuthorityOption) is { } named)
            return named;
        if (FleetFolder.From(parsed).Endpoints() is { CertificateAuthority: { } own } running && new Uri(running.Rest.TrimEnd('/') + "/") == address)
            return own;
        return Environment.GetEnvironmentVariable("FLEET_CA") is { Length: > 0 } variable ? variable : new SessionStore().AuthorityOf(address.AbsoluteUri);
    }
}
