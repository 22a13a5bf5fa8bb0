using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Oidc;

/// <summary>
/// What a provider says of itself: its addresses and its keys. Both are remembered for <see cref="Fresh"/>, so that a key that it has taken away ends; a key
/// that is not known yet is looked for at once, and not more often than every <see cref="Between"/>.
/// </summary>
public sealed class OidcProvider(OidcSettings settings, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    /// <summary>How long keys are good when the provider does not answer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private const int LongestAnswer = 1024 * 1024;

    private readonly HttpClient http = Client(settings);
    private readonly SemaphoreSlim asking = new(1);
    private volatile Snapshot? known;

    public OidcSettings Settings => settings;

    /// <exception cref="OidcException">The provider does not answer.</exception>
    public async Task<OidcAddresses> AddressesAsync(CancellationToken ct) => (await SnapshotAsync(null, ct)).Addresses;

    /// <param name="kid">A key that is needed; when it is not known the provider is asked anew.</param>
    /// <exception cref="OidcException">The provider does not answer, and what is known of it is too old.</exception>
    public async Task<IReadOnlyList<SecurityKey>> KeysAsync(string? kid, CancellationToken ct) => (await SnapshotAsync(kid, ct)).Keys;

    /// <summary>Sends a form to one of the provider's addresses.</summary>
    /// <exception cref="OidcException">It refuses, or does not answer.</exception>
    public async Task<JsonObject> PostAsync(Uri address, IEnumerable<KeyValuePair<string, string>> form, CancellationToken ct)
    {
        using var content = new FormUrlEncodedContent(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Accept.ParseAdd("application/json");
        var (status, answer) = await SendAsync(request, ct);
        if (status is >= 200 and < 300)
            return answer;
        var code = answer["error"] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length <= 100 ? text : null;
        throw new OidcException($"{settings.Issuer} refuses: {code ?? $"status {status}"}") { Code = code };
    }

    public void Dispose()
    {
        http.Dispose();
        asking.Dispose();
    }

    private async Task<Snapshot> SnapshotAsync(string? kid, CancellationToken ct)
    {
        if (IsEnough(known, kid))
            return known!;
        await asking.WaitAsync(ct);
        try
        {
            if (IsEnough(known, kid))
                return known!;
            try
            {
                return known = await AskAsync(ct);
            }
            catch (OidcException) when (known is { } old && clock.GetElapsedTime(old.At) < Longest)
            {
                return old;
            }
        }
        finally
        {
            asking.Release();
        }
    }

    private bool IsEnough(Snapshot? snapshot, string? kid)
    {
        if (snapshot is null)
            return false;
        var age = clock.GetElapsedTime(snapshot.At);
        return age < Fresh && (kid is null || age < Between || snapshot.Keys.Any(key => key.KeyId == kid));
    }

    private async Task<Snapshot> AskAsync(CancellationToken ct)
    {
        var at = clock.GetTimestamp();
        var document = await GetAsync(new(settings.IssuerText.TrimEnd('/') + "/.well-known/openid-configuration"), ct);
        // Who answers for another issuer is not this one.
        if ((string?)document["issuer"] != settings.IssuerText)
            throw new OidcException($"{settings.Issuer} says that it is another issuer");
        var keys = await GetAsync(Address(document, "jwks_uri")!, ct);
        try
        {
            var all = new JsonWebKeySet(keys.ToJsonString()).GetSigningKeys();
            return new(at, new(Address(document, "authorization_endpoint"), Address(document, "token_endpoint"), Address(document, "device_authorization_endpoint", optional: true)),
                // Keys that are secret have no place in what everybody may read.
                [.. all.Where(key => key is not SymmetricSecurityKey and not JsonWebKey { Kty: "oct" })]);
        }
        catch (ArgumentException e)
        {
            throw new OidcException($"the keys of {settings.Issuer} can not be read", e);
        }
    }

    private Uri? Address(JsonObject document, string name, bool optional = false)
    {
        if (optional && document[name] is null)
            return null;
        return document[name] is JsonValue value && value.TryGetValue<string>(out var text) && Uri.TryCreate(text, UriKind.Absolute, out var address) && OidcSettings.IsSafe(address)
            ? address
            : throw new OidcException($"{settings.Issuer} names no {name} that is safe");
    }

    private async Task<JsonObject> GetAsync(Uri address, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var (status, answer) = await SendAsync(request, ct);
        return status == 200 ? answer : throw new OidcException($"{address} answers {status}");
    }

    private async Task<(int Status, JsonObject Answer)> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            using var response = await http.SendAsync(request, ct);
            var text = await response.Content.ReadAsByteArrayAsync(ct);
            return ((int)response.StatusCode, JsonNode.Parse(text) as JsonObject ?? throw new OidcException($"{settings.Issuer} does not answer as a provider"));
        }
        catch (JsonException e)
        {
            throw new OidcException($"{settings.Issuer} does not answer as a provider", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new OidcException($"{settings.Issuer} does not answer: {(e as HttpRequestException)?.HttpRequestError.ToString() ?? "too slow"}", e);
        }
    }

    private static HttpClient Client(OidcSettings settings)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (settings.AuthorityPem is { } pem)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(pem);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        return new(handler) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = LongestAnswer };
    }

    private sealed record Snapshot(long At, OidcAddresses Addresses, IReadOnlyList<SecurityKey> Keys);
}

/// <param name="Device">Null: it has no device flow.</param>
public sealed record OidcAddresses(Uri? Authorization, Uri? Token, Uri? Device);
