using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Repositories;

/// <summary>Answers a registry's challenge: Basic with the credentials, or Bearer with a token of the realm it names. Tokens are kept for a minute.</summary>
internal sealed partial class OciTokens(RepositoryHttp http, TimeProvider time)
{
    // The protocol's own minimum lifetime.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private const int MaxTokens = 512;

    private readonly ConcurrentDictionary<string, (AuthenticationHeaderValue Value, long At)> _known = new(StringComparer.Ordinal);

    public AuthenticationHeaderValue? Known(RepositorySource repository, string name) =>
        _known.TryGetValue(Key(repository, name), out var known) && time.GetElapsedTime(known.At) < Lifetime - TimeSpan.FromSeconds(10) ? known.Value : null;

    /// <summary>Null when the challenge cannot be answered.</summary>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(
        RepositorySource repository, string name, HttpHeaderValueCollection<AuthenticationHeaderValue> challenges, CancellationToken ct)
    {
        foreach (var challenge in challenges)
        {
            var answer = challenge.Scheme.ToUpperInvariant() switch
            {
                "BASIC" => RepositoryHttp.Basic(repository.Credentials),
                "BEARER" => await TokenAsync(repository, name, challenge.Parameter ?? "", ct),
                _ => null,
            };
            if (answer is null) continue;
            if (_known.Count >= MaxTokens) _known.Clear();
            _known[Key(repository, name)] = (answer, time.GetTimestamp());
            return answer;
        }
        return null;
    }

    private async Task<AuthenticationHeaderValue?> TokenAsync(RepositorySource repository, string name, string parameter, CancellationToken ct)
    {
        var fields = Field().Matches(parameter).ToDictionary(m => m.Groups[1].Value.ToLowerInvariant(), m => m.Groups[2].Value, StringComparer.Ordinal);
        if (!fields.TryGetValue("realm", out var realm) || !Uri.TryCreate(realm, UriKind.Absolute, out var uri)) return null;
        if (uri.Scheme != "https" && !repository.PlainHttp)
            throw new HelmException(HelmErrorKind.AuthenticationFailed, $"The registry wants the credentials sent to {RepositoryHttp.Shown(uri)}, which is not https.");
        var query = new StringBuilder("?scope=").Append(Uri.EscapeDataString($"repository:{name}:pull"));
        if (fields.TryGetValue("service", out var service)) query.Append("&service=").Append(Uri.EscapeDataString(service));
        using var response = await http.SendAsync(repository, new Uri(uri, uri.AbsolutePath + query), _ => { }, RepositoryHttp.Basic(repository.Credentials), ct);
        if (!response.IsSuccessStatusCode) throw RepositoryHttp.Failed(response, "Registry token");
        using var body = new MemoryStream();
        await http.CopyAsync(response, body, 256 * 1024, "Registry token", ct);
        try
        {
            using var json = JsonDocument.Parse(body.ToArray());
            var token = Text(json.RootElement, "token") ?? Text(json.RootElement, "access_token");
            return token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        }
        catch (JsonException e)
        {
            throw new HelmException(HelmErrorKind.AuthenticationFailed, $"{RepositoryHttp.Shown(uri)} does not answer with a token.", e);
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Key(RepositorySource repository, string name) =>
        $"{repository.Url} {name} " + (repository.Credentials is { } c ? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{c.Username}\0{c.Password}"))) : "-");

    [GeneratedRegex("([A-Za-z]+)=\"([^\"]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
