using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Authentication;

/// <summary>Finds out who sends a request: bearer token first, then client certificate, else anonymous.</summary>
internal sealed class Authenticator(IReadOnlyList<StaticToken> fixedTokens, CertificateAuthority authority, ServiceAccountTokens tokens, ITokenAuthenticator? others = null)
{
    private const string Bearer = "Bearer ";

    // Checking a chain costs more than most requests; a certificate object lives as long as its connection, which may be longer than the certificate is good for.
    private readonly ConditionalWeakTable<X509Certificate2, Verdict> verdicts = [];

    private readonly (byte[] Hash, UserIdentity User)[] known =
        [.. fixedTokens.Select(t => (Hash(t.Token), UserIdentity.Authenticated(t.User, "", t.Groups)))];

    /// <summary>Throws 401 for credentials that are wrong; no credentials at all is the anonymous user.</summary>
    public async ValueTask<UserIdentity> IdentifyAsync(HttpContext http, Cluster cluster)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return await IdentifyTokenAsync(cluster, header[Bearer.Length..].Trim(), null, http.RequestAborted) ?? throw ApiErrors.Unauthorized();
        if (header.Length > 0) throw ApiErrors.Unauthorized();
        if (http.Connection.ClientCertificate is not { } certificate) return UserIdentity.Anonymous;
        var now = cluster.Settings.Clock.GetUtcNow();
        if (verdicts.TryGetValue(certificate, out var verdict) && verdict.Cluster == cluster.Name && now <= verdict.Until) return verdict.User;
        var user = authority.Identify(certificate, cluster.Name)
            ?? (cluster.ClientAuthority is { } own ? ClusterAuthority.Identify(certificate, own, now) : null)
            ?? throw ApiErrors.Unauthorized();
        user = user.WithCredential($"X509SHA256={Convert.ToHexStringLower(SHA256.HashData(certificate.RawData))}");
        verdicts.AddOrUpdate(certificate, new Verdict(cluster.Name, user, certificate.NotAfter.ToUniversalTime()));
        return user;
    }

    public async ValueTask<UserIdentity?> IdentifyTokenAsync(Cluster cluster, string token, IReadOnlyCollection<string>? audiences, CancellationToken ct)
    {
        if (cluster.IsManagement && known.Length > 0)
        {
            var hash = Hash(token);
            UserIdentity? found = null;
            foreach (var candidate in known)
            {
                if (CryptographicOperations.FixedTimeEquals(candidate.Hash, hash)) found = candidate.User;
            }
            if (found is not null) return found;
        }
        if (tokens.Identify(cluster, token, audiences) is { } account) return account;
        // Their audience is the client of the provider, whose tokens are for this API.
        if (others is null || !cluster.IsManagement || (audiences is { Count: > 0 } && !audiences.Contains(ServiceAccountTokens.DefaultAudience))) return null;
        return await others.IdentifyAsync(token, ct) is { } user ? UserIdentity.Authenticated(user.Name, user.Uid, user.Groups) : null;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private sealed record Verdict(string Cluster, UserIdentity User, DateTimeOffset Until);
}
