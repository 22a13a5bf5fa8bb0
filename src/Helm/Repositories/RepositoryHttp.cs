using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Http;

namespace Fleet.Helm.Repositories;

/// <summary>
/// Requests to repositories. Redirects are followed here, not by the handler, so that credentials go only to the repository's own host and HTTPS never
/// falls back to HTTP.
/// </summary>
internal sealed class RepositoryHttp(HelmOptions options, TimeProvider time) : IDisposable
{
    private const int MaxRedirects = 5;
    private const int MaxClients = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string? Ca, bool SkipVerify), HttpClient> _clients = [];

    /// <summary>
    /// Sends until the answer is not a redirect. Any status comes back, except that a connection that fails is a <see cref="HelmException"/>.
    /// The caller disposes the response; its body is not read yet.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(
        RepositorySource repository, Uri uri, Action<HttpRequestMessage> prepare, AuthenticationHeaderValue? authorization, CancellationToken ct)
    {
        var home = uri;
        for (var hop = 0; ; hop++)
        {
            if (uri.Scheme is not ("http" or "https")) throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"{Shown(uri)} is neither http nor https.");
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            prepare(request);
            if (authorization is not null && (SameHost(home, uri) || repository.PassCredentials)) request.Headers.Authorization = authorization;
            var response = await SendOnceAsync(repository, request, ct);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location) return response;

            response.Dispose();
            var next = new Uri(uri, location);
            if (hop == MaxRedirects) throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"{Shown(home)} redirects more than {MaxRedirects} times.");
            if (uri.Scheme == "https" && next.Scheme != "https")
                throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"{Shown(uri)} redirects from https to {next.Scheme}; that is refused.");
            uri = next;
        }
    }

    public static AuthenticationHeaderValue? Basic(RepositoryCredentials? credentials) => credentials is null
        ? null
        : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}")));

    /// <summary>A failed status as an exception; never with the body, which is the server's to choose.</summary>
    public static HelmException Failed(HttpResponseMessage response, string what)
    {
        var kind = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.ProxyAuthenticationRequired => HelmErrorKind.AuthenticationFailed,
            HttpStatusCode.NotFound or HttpStatusCode.Gone => HelmErrorKind.ChartNotFound,
            _ => HelmErrorKind.RepositoryUnreachable,
        };
        return new HelmException(kind, $"{what}: {Shown(response.RequestMessage!.RequestUri!)} answers {(int)response.StatusCode} {response.StatusCode}.");
    }

    /// <summary>Copies a body up to a size; a slow server ends at the time limit.</summary>
    public async Task CopyAsync(HttpResponseMessage response, Stream target, long maxBytes, string what, CancellationToken ct)
    {
        if (response.Content.Headers.ContentLength > maxBytes) throw TooLarge(what, maxBytes);
        using var limit = new CancellationTokenSource(options.RepositoryTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var buffer = new byte[64 * 1024];
            long total = 0;
            int read;
            while ((read = await body.ReadAsync(buffer, either.Token)) > 0)
            {
                if ((total += read) > maxBytes) throw TooLarge(what, maxBytes);
                await target.WriteAsync(buffer.AsMemory(0, read), either.Token);
            }
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new HelmException(HelmErrorKind.Timeout, $"{what}: the body did not come within {options.RepositoryTimeout.TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"{what}: the connection broke while the body came.", e);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
    }

    /// <summary>Without user information and query, which may be secret.</summary>
    public static string Shown(Uri uri) => uri.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.Port | UriComponents.Path, UriFormat.UriEscaped);

    private static HelmException TooLarge(string what, long maxBytes) => new(HelmErrorKind.ChartInvalid, $"{what}: it is larger than {maxBytes} bytes.");

    private static bool SameHost(Uri left, Uri right) =>
        left.Scheme == right.Scheme && left.Port == right.Port && string.Equals(left.Host, right.Host, StringComparison.OrdinalIgnoreCase);

    private async Task<HttpResponseMessage> SendOnceAsync(RepositorySource repository, HttpRequestMessage request, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(options.RepositoryTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await Client(repository).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new HelmException(HelmErrorKind.Timeout, $"{Shown(request.RequestUri!)} did not answer within {options.RepositoryTimeout.TotalSeconds:0} s.", e);
        }
        catch (HttpRequestException e)
        {
            throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"{Shown(request.RequestUri!)} cannot be reached: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    private HttpClient Client(RepositorySource repository)
    {
        var key = (repository.CaBundle, repository.SkipTlsVerify);
        lock (_gate)
        {
            if (_clients.TryGetValue(key, out var known)) return known;
            // Requests that still run on a dropped client end normally; the collector takes it.
            if (_clients.Count >= MaxClients) _clients.Clear();
            return _clients[key] = new HttpClient(Handler(repository)) { Timeout = Timeout.InfiniteTimeSpan };
        }
    }

    private static SocketsHttpHandler Handler(RepositorySource repository)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = ForbiddenAddresses.ConnectAsync,
        };
        if (repository.SkipTlsVerify)
        {
#pragma warning disable CA5359 // The user asked for it, per repository.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (repository.CaBundle is { Length: > 0 } pem)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(pem);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }
        return handler;
    }
}
