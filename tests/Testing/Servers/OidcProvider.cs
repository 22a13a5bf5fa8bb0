using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Testing.Processes;

namespace Fleet.Testing.Servers;

/// <summary>
/// A real OpenID provider on loopback, with keys of the test's own: so tokens can be made that a provider would never make. People sign in as whoever they say.
/// </summary>
public sealed partial class OidcProvider : IAsyncDisposable
{
    public const string Client = "fleet";

    private readonly TemporaryFolder _folder = new("oidc");
    private readonly int _port = FreePort.Next();
    private ServerProcess? _server;

    private OidcProvider()
    {
        var certificates = TestCertificates.ForLoopback();
        AuthorityPem = certificates.AuthorityPem;
        CertificateAuthorityFile = _folder.Write("ca.crt", AuthorityPem);
        _folder.Write("tls.crt", certificates.Server.ExportCertificatePem());
        _folder.Write("tls.key", certificates.Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public string Issuer => $"https://127.0.0.1:{_port}";

    public string AuthorityPem { get; }

    public string CertificateAuthorityFile { get; }

    /// <summary>The key that it signs with now.</summary>
    public RSA Key { get; private set; } = RSA.Create(2048);

    public string KeyId { get; private set; } = "one";

    public static async Task<OidcProvider> StartAsync()
    {
        var provider = new OidcProvider();
        await provider.StartServerAsync();
        return provider;
    }

    /// <summary>Another key in the place of the one that there was.</summary>
    public async Task RotateAsync(string keyId)
    {
        await _server!.DisposeAsync();
        (Key, KeyId) = (RSA.Create(2048), keyId);
        await StartServerAsync();
    }

    public async Task StopAsync()
    {
        await _server!.DisposeAsync();
        _server = null;
    }

    /// <summary>Goes through the provider's pages as a person would.</summary>
    /// <returns>Where the provider leads back to.</returns>
    public async Task<Uri> SignInAsync(Uri authorize, string user)
    {
        using var http = Browser();
        var next = authorize;
        for (var step = 0; step < 20; step++)
        {
            if (next.Authority != authorize.Authority)
                return next;
            using var answer = next.AbsolutePath.StartsWith("/interaction/", StringComparison.Ordinal)
                ? await SubmitAsync(http, next, user)
                : await http.GetAsync(next);
            next = new Uri(next, answer.Headers.Location ?? throw new InvalidOperationException($"{next} answers {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}"));
        }

        throw new InvalidOperationException("the provider leads nowhere");
    }

    /// <summary>Types a code in on another device, and signs in there.</summary>
    public async Task ApproveAsync(Uri page, string code, string user)
    {
        using var http = Browser();
        var form = await http.GetStringAsync(page);
        var next = page;
        var waiting = PostAsync(http, page, [.. Hidden(form), new("user_code", code)]);
        for (var step = 0; step < 20; step++)
        {
            using var answer = await waiting;
            if (answer.Headers.Location is { } location)
            {
                next = new Uri(next, location);
                waiting = next.AbsolutePath.StartsWith("/interaction/", StringComparison.Ordinal) ? SubmitAsync(http, next, user) : http.GetAsync(next);
                continue;
            }

            var hidden = Hidden(await answer.Content.ReadAsStringAsync());
            if (hidden.All(field => field.Key != "xsrf"))
                return;
            next = page;
            waiting = PostAsync(http, page, hidden);
        }

        throw new InvalidOperationException("the provider leads nowhere");
    }

    /// <summary>A token of this provider's form, with whatever header and claims.</summary>
    public string Sign(JsonObject claims, JsonObject? header = null, Func<byte[], byte[]>? sign = null)
    {
        header ??= new() { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = KeyId };
        var signed = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var signature = (sign ?? (data => Key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)))(Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Encode(signature)}";
    }

    /// <summary>What a good token says.</summary>
    public JsonObject Claims(string user, params string[] groups)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return new()
        {
            ["iss"] = Issuer, ["aud"] = Client, ["sub"] = user, ["email"] = $"{user}@example.test", ["email_verified"] = true, ["groups"] = new JsonArray([.. groups.Select(group => (JsonNode)group)]),
            ["iat"] = now, ["exp"] = now + 300,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
        Key.Dispose();
    }

    private async Task StartServerAsync()
    {
        var key = Key.ExportParameters(true);
        _folder.Write("keys.json", new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = KeyId, ["n"] = Encode(key.Modulus!), ["e"] = Encode(key.Exponent!), ["d"] = Encode(key.D!), ["p"] = Encode(key.P!), ["q"] = Encode(key.Q!),
                ["dp"] = Encode(key.DP!), ["dq"] = Encode(key.DQ!), ["qi"] = Encode(key.InverseQ!),
            }),
        }.ToJsonString());
        var (modules, script) = RealParts.OidcProvider;
        _server = await ServerProcess.StartAsync("oidc-provider", "node", [script, $"{_port}", _folder.File("keys.json"), _folder.File("tls.key"), _folder.File("tls.crt"), modules]);
        using var http = Browser();
        await _server.WaitUntilAsync(async ct => (await http.GetAsync(new Uri(Issuer + "/.well-known/openid-configuration"), ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(120));
        TestLogs.NoteUsed("oidc-provider 9.13.3");
    }

    private static async Task<HttpResponseMessage> SubmitAsync(HttpClient http, Uri page, string user)
    {
        var form = await http.GetStringAsync(page);
        return form.Contains("value=\"consent\"", StringComparison.Ordinal)
            ? await PostAsync(http, page, [new("prompt", "consent")])
            : await PostAsync(http, page, [new("prompt", "login"), new("login", user), new("password", "x")]);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, Uri address, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        using var content = new FormUrlEncodedContent(form);
        return await http.PostAsync(address, content);
    }

    private static List<KeyValuePair<string, string>> Hidden(string form) =>
        [.. HiddenField().Matches(form).Select(match => KeyValuePair.Create(match.Groups[1].Value, match.Groups[2].Value))];

    private HttpClient Browser()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(AuthorityPem);
        return new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } }) { Timeout = TimeSpan.FromSeconds(20) };
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();
}
