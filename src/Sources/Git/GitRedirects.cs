using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fleet.Kubernetes.Http;

namespace Fleet.Sources.Git;

/// <summary>
/// Where a server's redirects lead (a repository that was renamed, an address without .git). git follows none itself: it would connect to wherever the server says, and only addresses
/// that were looked at may be connected to.
/// </summary>
internal static class GitRedirects
{
    /// <summary>What git asks first of a server; what it redirects is the part before.</summary>
    private const string Question = "/info/refs?service=git-upload-pack";

    private const int Most = 5;

    /// <summary>
    /// The address of the repository after redirects. Credentials go to the server of the URL only. Whatever else goes wrong git meets, too, and has the words for it.
    /// </summary>
    /// <exception cref="SourceException">Refused: it leads to an address that nothing may be fetched from, to another scheme, or around in circles. Timeout.</exception>
    public static async Task<Uri> FollowAsync(GitSource source, Uri url, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        if (url.Scheme == "ssh")
            return url;
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        var place = url;
        for (var hop = 0; hop <= Most; hop++)
        {
            Uri? next;
            try
            {
                next = await NextAsync(source.Access, place, isHome: place.Authority == url.Authority, either.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new SourceException(SourceErrorKind.Timeout, $"{Shown(place)} did not answer within {limit.TotalSeconds:0} s.");
            }
            catch (HttpRequestException e) when (e.InnerException is ForbiddenAddressException forbidden)
            {
                throw new SourceException(SourceErrorKind.Refused, $"{Shown(url)} leads to {place.Host}: {forbidden.Message}");
            }
            catch (HttpRequestException)
            {
                return place;
            }

            if (next is null)
                return place;
            if (next.Scheme != url.Scheme)
                throw new SourceException(SourceErrorKind.Refused, $"{Shown(url)} redirects from {url.Scheme} to {next.Scheme}; that is refused.");
            place = next;
        }

        throw new SourceException(SourceErrorKind.Refused, $"{Shown(url)} redirects more than {Most} times.");
    }

    /// <summary>Null: it does not redirect, or not to a repository.</summary>
    private static async Task<Uri?> NextAsync(GitAccess? access, Uri place, bool isHome, CancellationToken ct)
    {
        using var http = new HttpClient(Handler(access, isHome)) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, place.OriginalString.TrimEnd('/') + Question);
        // Servers answer others with a page for people.
        request.Headers.UserAgent.ParseAdd("git/fleet");
        if (isHome && access?.BearerToken is { Length: > 0 } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        else if (isHome && access?.Username is { Length: > 0 } user)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{access.Password}")));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || response.Headers.Location is not { } location)
            return null;
        var next = new Uri(request.RequestUri!, location);
        return next.UserInfo.Length == 0 && next.AbsoluteUri.EndsWith(Question, StringComparison.Ordinal) ? new Uri(next.AbsoluteUri[..^Question.Length]) : null;
    }

    private static SocketsHttpHandler Handler(GitAccess? access, bool isHome)
    {
        var handler = GuardedHandler.Create(access?.CaBundle);
        if (isHome && access is { ClientCertificate.Length: > 0, ClientKey.Length: > 0 })
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(access.ClientCertificate, access.ClientKey)];
        return handler;
    }

    private static string Shown(Uri url) => url.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.Port | UriComponents.Path, UriFormat.UriEscaped);
}
