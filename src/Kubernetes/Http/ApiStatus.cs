using System.Globalization;
using System.Net;
using System.Text.Json;
using Fleet.Kubernetes.Resources;

namespace Fleet.Kubernetes.Http;

/// <summary>Kubernetes' <c>metav1.Status</c> as the server sends it, and its way to an exception.</summary>
internal sealed record ApiStatus
{
    public string? Kind { get; init; }
    public string? Status { get; init; }
    public string? Message { get; init; }
    public string? Reason { get; init; }
    public int? Code { get; init; }
    public StatusDetails? Details { get; init; }

    /// <summary>More than any Status; what a wrong port or a proxy's error page sends is not read to the end.</summary>
    internal const int LargestBody = 1024 * 1024;

    internal static async Task<KubeApiException> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        ApiStatus? status = null;
        if (response.Content.Headers.ContentType?.MediaType is "application/json")
        {
            using var body = await PooledBytes.ReadAsync(response.Content, LargestBody, ct);
            status = body is null ? null : TryParse(body.Span);
        }

        return ToException(status, (int)response.StatusCode, RetryAfter(response));
    }

    internal static ApiStatus? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            var status = JsonSerializer.Deserialize(json, HttpJson.Default.ApiStatus);
            return status?.Kind is "Status" ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static KubeApiException ToException(ApiStatus? status, int code, int? retryAfterSeconds)
    {
        code = status?.Code is > 0 and var stated ? stated : code;
        var details = status?.Details is { } d
            ? new ApiStatusDetails(d.Name, d.Group, d.Kind, [.. (d.Causes ?? []).Select(c => new ApiStatusCause(c.Reason, c.Message, c.Field))], retryAfterSeconds ?? d.RetryAfterSeconds)
            : retryAfterSeconds is null ? null : new ApiStatusDetails(null, null, null, [], retryAfterSeconds);
        var reason = string.IsNullOrEmpty(status?.Reason) ? ReasonOf(code) : status.Reason;
        var message = string.IsNullOrEmpty(status?.Message)
            ? string.Create(CultureInfo.InvariantCulture, $"the server answered {code} ({reason}) without saying why")
            : status.Message;
        return new(code, reason, message, details);
    }

    internal static int? RetryAfter(HttpResponseMessage response)
        => response.Headers.RetryAfter?.Delta is { } delta ? (int)Math.Ceiling(delta.TotalSeconds) : null;

    /// <summary>The reasons that Kubernetes itself gives to codes, for answers of proxies in between.</summary>
    private static string ReasonOf(int code) => code switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        409 => "Conflict",
        410 => "Gone",
        413 => "RequestEntityTooLarge",
        415 => "UnsupportedMediaType",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => Enum.IsDefined((HttpStatusCode)code) ? ((HttpStatusCode)code).ToString() : "Unknown",
    };

    internal sealed record StatusDetails
    {
        public string? Name { get; init; }
        public string? Group { get; init; }
        public string? Kind { get; init; }
        public List<StatusCause>? Causes { get; init; }
        public int? RetryAfterSeconds { get; init; }
    }

    internal sealed record StatusCause
    {
        public string? Reason { get; init; }
        public string? Message { get; init; }
        public string? Field { get; init; }
    }
}
