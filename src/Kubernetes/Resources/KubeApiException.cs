using System.Net;

namespace Fleet.Kubernetes.Resources;

/// <summary>
/// A failure of an API server: its parsed <c>metav1.Status</c>, or (code 0) a failure to reach it at all.
/// The message holds the server's own words, never a body, a header or a token.
/// </summary>
public sealed class KubeApiException(int code, string reason, string message, ApiStatusDetails? details = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Reason, with code 0, of a certificate that is not trusted, has expired or names another host.</summary>
    public const string TlsFailed = "TlsFailed";

    /// <summary>Reason, with code 0, of an answer that is not what the API sends: most often something else listens there.</summary>
    public const string UnreadableAnswer = "UnreadableAnswer";

    /// <summary>HTTP status; 0 when the server could not be reached.</summary>
    public int Code { get; } = code;

    /// <summary>Kubernetes' machine-readable reason, for instance <c>AlreadyExists</c>, <c>Conflict</c>, <c>Expired</c>.</summary>
    public string Reason { get; } = reason;

    public ApiStatusDetails? Details { get; } = details;

    public bool IsNotFound => Code == (int)HttpStatusCode.NotFound;
    public bool IsConflict => Code == (int)HttpStatusCode.Conflict && Reason != "AlreadyExists";
    public bool IsAlreadyExists => Reason == "AlreadyExists";
    public bool IsGone => Code == (int)HttpStatusCode.Gone;
    public bool IsInvalid => Code == (int)HttpStatusCode.UnprocessableEntity;
    public bool IsForbidden => Code == (int)HttpStatusCode.Forbidden;
    public bool IsUnauthorized => Code == (int)HttpStatusCode.Unauthorized;

    /// <summary>The same call may succeed later without anybody changing anything.</summary>
    public bool IsTransient => Code == 0 && Reason is not (TlsFailed or UnreadableAnswer) || Code is 429 or 500 or 502 or 503 or 504 || Reason is "ServerTimeout" or "Timeout";
}

/// <summary>Kubernetes' <c>StatusDetails</c>.</summary>
public sealed record ApiStatusDetails(string? Name, string? Group, string? Kind, IReadOnlyList<ApiStatusCause> Causes, int? RetryAfterSeconds);

public sealed record ApiStatusCause(string? Type, string? Message, string? Field);
