using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Fleet.Cli.Output;
using Fleet.Cli.Sessions;

namespace Fleet.Cli.Connection;

/// <summary>The REST API of the fleet, called as the user of the kubeconfig.</summary>
internal sealed class FleetRest(HttpClient http) : IDisposable
{
    public static Option<string?> RestOption { get; } = new("--rest")
    {
        Description = "URL of the REST API. Default: the running fleet's, else $FLEET_REST",
    };

    /// <param name="patience">For the beginning of an answer; two minutes when nothing is said.</param>
    /// <exception cref="CommandException">No REST API is known, or there is no token to show to it.</exception>
    public static async Task<FleetRest> ConnectAsync(ParseResult parsed, CancellationToken ct, TimeSpan? patience = null)
    {
        var address = AddressOf(parsed);
        var token = await TokenAsync(parsed, address, ct);
        var http = RestTrust.Client(parsed, address, patience ?? TimeSpan.FromMinutes(2));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new(http);
    }

    /// <exception cref="CommandException">No REST API is known, or one that tokens must not be sent to.</exception>
    public static Uri AddressOf(ParseResult parsed)
    {
        var folder = FleetFolder.From(parsed);
        var url = parsed.GetValue(RestOption) ?? folder.Endpoints()?.Rest ?? Environment.GetEnvironmentVariable("FLEET_REST") ?? new SessionStore().Current
            ?? throw new CommandException($"No fleet runs from {folder.Path}, and neither --rest nor FLEET_REST names its REST API.", ExitCodes.NotRunning);
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new CommandException($"\"{url}\" is no URL of a REST API.", ExitCodes.Usage);
        // A token that travels in the clear is everybody's.
        return address.Scheme == "http" && !address.IsLoopback
            ? throw new CommandException($"{address} is not https: no token is sent there.", ExitCodes.Usage)
            : address;
    }

    /// <summary>Of whoever has signed in, unless a kubeconfig is named.</summary>
    private static async Task<string> TokenAsync(ParseResult parsed, Uri address, CancellationToken ct) =>
        parsed.GetValue(FleetConnection.KubeconfigOption) is null && parsed.GetValue(FleetConnection.ContextOption) is null && await SessionTokens.FindAsync(address.AbsoluteUri, ct) is { } session
            ? session.IdToken
            : await TokenAsync(parsed, ct);

    /// <summary>The kubeconfig's own, else a short-lived one of the ServiceAccount that Fleet keeps for this.</summary>
    private static async Task<string> TokenAsync(ParseResult parsed, CancellationToken ct)
    {
        var material = await FleetConnection.Endpoint(parsed).Credential.GetAsync(ct);
        if (material.Authorization is { Scheme: "Bearer", Parameter: { Length: > 0 } own })
            return own;
        return await AccountToken.MakeAsync(parsed, "fleet-cli", TimeSpan.FromMinutes(10), ct)
            ?? throw new CommandException("The kubeconfig has no bearer token, which the REST API needs, and may not make one for ServiceAccount fleet-cli. Use a kubeconfig with a token.");
    }

    /// <exception cref="CommandException">The API refuses, in its own words.</exception>
    public async Task<TAnswer> PostAsync<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken ct)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new("application/json");
        return await AskAsync(HttpMethod.Post, path, content, answerType, ct);
    }

    /// <summary>Without a body.</summary>
    /// <exception cref="CommandException">The API refuses, in its own words.</exception>
    public Task<TAnswer> PostAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answerType, CancellationToken ct) => AskAsync(HttpMethod.Post, path, null, answerType, ct);

    /// <exception cref="CommandException">The API refuses, in its own words.</exception>
    public Task<TAnswer> GetAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answerType, CancellationToken ct) => AskAsync(HttpMethod.Get, path, null, answerType, ct);

    /// <summary>What is answered as it is; an empty object where nothing is.</summary>
    /// <exception cref="CommandException">The API refuses, in its own words.</exception>
    public async Task<JsonObject> ExchangeAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var response = await SendAsync(method, path, content, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        try
        {
            return text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject ?? throw NoFleet();
        }
        catch (JsonException)
        {
            throw NoFleet();
        }
    }

    /// <summary>As it comes, without having it in memory.</summary>
    /// <exception cref="CommandException">The API refuses, in its own words, or the connection broke before the end.</exception>
    public async Task DownloadAsync(string path, Stream target, CancellationToken ct)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, ct);
        try
        {
            await response.Content.CopyToAsync(target, ct);
        }
        catch (Exception error) when (error is HttpRequestException or HttpIOException)
        {
            throw new CommandException($"The answer broke off: {error.Message}");
        }
    }

    private async Task<TAnswer> AskAsync<TAnswer>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<TAnswer> answerType, CancellationToken ct)
    {
        using var response = await SendAsync(method, path, content, ct);
        try
        {
            return await response.Content.ReadFromJsonAsync(answerType, ct) ?? throw new CommandException("The fleet answered nothing.");
        }
        catch (JsonException)
        {
            throw NoFleet();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw new CommandException(await ProblemAsync(response, ct), (int)response.StatusCode == 404 ? ExitCodes.NotFound : ExitCodes.Failed);
        }
        catch (HttpRequestException error)
        {
            throw RestTrust.Unreachable(http.BaseAddress, error);
        }
    }

    private CommandException NoFleet() => new($"What answers at {http.BaseAddress} is not a fleet of this version.");

    public void Dispose() => http.Dispose();

    private static async Task<string> ProblemAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct);
        try
        {
            if (JsonNode.Parse(text) is JsonObject problem && (string?)problem["detail"] is { Length: > 0 } detail)
                return detail;
        }
        catch (JsonException)
        {
            // Not from Fleet: the status has to do.
        }
        return $"The fleet answered {(int)response.StatusCode} {response.ReasonPhrase}.";
    }
}
