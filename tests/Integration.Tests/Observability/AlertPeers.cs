using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Those who are told, on a real port: each checks what it gets as the real one does, and answers so.</summary>
internal sealed class AlertPeers : IAsyncDisposable
{
    public const string SigningKey = "a key that nobody knows";
    public const string RoutingKey = "0123456789abcdef0123456789abcdef";

    private readonly ConcurrentQueue<(string Path, JsonObject Body, IReadOnlyDictionary<string, string> Headers)> received = new();
    private WebApplication application = null!;

    public string Address => application.Urls.First();

    /// <summary>What a path answers instead of what it should; null: as it should.</summary>
    public ConcurrentDictionary<string, int> Moods { get; } = new();

    public IReadOnlyList<JsonObject> Of(string path) => [.. received.Where(one => one.Path == path).Select(one => one.Body)];

    public IReadOnlyList<string> HeadersOf(string path, string name) => [.. received.Where(one => one.Path == path).Select(one => one.Headers[name])];

    public static async Task<AlertPeers> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var peers = new AlertPeers { application = builder.Build() };
        // As a plain method it would be taken for a RequestDelegate, whose result nobody reads.
        peers.application.MapPost("/{**path}", (Delegate)peers.TakeAsync);
        await peers.application.StartAsync();
        return peers;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer);
        var bytes = buffer.ToArray();
        var body = (JsonObject)JsonNode.Parse(bytes)!;
        if (Moods.TryGetValue(path, out var mood))
            return Results.StatusCode(mood);
        var problem = path switch
        {
            "/webhook" => Webhook(http, body, bytes),
            "/pagerduty" => PagerDuty(body),
            "/slack" => body["attachments"] is JsonArray { Count: 1 } parts && (string?)parts[0]!["title"] is { Length: > 0 } && (string?)parts[0]!["color"] is "danger" or "warning" or "good" ? null : "no_attachments",
            "/teams" => body["attachments"] is JsonArray { Count: 1 } cards && (string?)cards[0]!["contentType"] == "application/vnd.microsoft.card.adaptive" && (string?)cards[0]!["content"]!["type"] == "AdaptiveCard" ? null : "no card",
            _ => null,
        };
        if (problem is not null)
            return Results.Text(problem, statusCode: 400);
        // Kestrel uses its own again for the next request.
        received.Enqueue((path, body, http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString())));
        return path switch
        {
            "/pagerduty" => Results.Json(new { status = "success", message = "Event processed", dedup_key = (string?)body["dedup_key"] }, statusCode: 202),
            "/slack" => Results.Text("ok"),
            "/teams" => Results.StatusCode(202),
            _ => Results.Ok(),
        };
    }

    private static string? Webhook(HttpContext http, JsonObject body, byte[] bytes)
    {
        var parts = http.Request.Headers["Fleet-Signature"].ToString().Split(',');
        if (parts is not [['t', '=', .. var time], ['v', '1', '=', .. var signature]])
            return "no signature";
        byte[] signed = [.. Encoding.UTF8.GetBytes(time), (byte)'.', .. bytes];
        var wanted = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(SigningKey), signed));
        if (wanted != signature)
            return "wrong signature";
        return (string?)body["version"] == "4" && body["alerts"] is JsonArray { Count: > 0 } && http.Request.Headers["Idempotency-Key"].ToString() == (string?)body["id"] ? null : "no message";
    }

    private static string? PagerDuty(JsonObject body) =>
        (string?)body["routing_key"] != RoutingKey ? "Invalid routing key"
        : (string?)body["event_action"] is not ("trigger" or "resolve") ? "Invalid action"
        : (string?)body["dedup_key"] is not { Length: > 0 and <= 255 } ? "Invalid dedup key"
        : (string?)body["payload"]?["summary"] is { Length: > 0 and <= 1024 } && (string?)body["payload"]?["source"] is { Length: > 0 } && (string?)body["payload"]?["severity"] is "critical" or "error" or "warning" or "info"
            ? null : "Invalid payload";
}
