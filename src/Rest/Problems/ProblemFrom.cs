using Fleet.Rest.Audit;
using Fleet.Contracts.Api;
using Fleet.Control.Access;
using Fleet.Kubernetes.Resources;

namespace Fleet.Rest.Problems;

/// <summary>The answer to an exception. Pure; null for what nobody has foreseen.</summary>
public static class ProblemFrom
{
    public static ProblemException? Exception(Exception error) => error switch
    {
        ProblemException problem => problem,
        AccessRefusedException refused => new(ProblemKind.Forbidden, refused.Message),
        AuditUnavailableException => new(ProblemKind.AuditUnavailable, "the audit database does not answer; nothing was changed") { RetryAfter = 10 },
        KubeApiException api => OfApi(api),
        // The web server's own: a body beyond its bound, cut off, or in a form that is none.
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(ProblemKind.TooLarge, "the body is larger than any that is taken here"),
        BadHttpRequestException => new(ProblemKind.Invalid, "the request cannot be read"),
        _ => null,
    };

    private static ProblemException OfApi(KubeApiException api) => api switch
    {
        { IsGone: true } => new(ProblemKind.Expired, "the snapshot behind ?continue is gone; begin again without it"),
        { IsNotFound: true } => new(ProblemKind.NotFound, api.Message),
        { IsConflict: true } => new(ProblemKind.PreconditionFailed, "the object has changed since; read it again"),
        { IsAlreadyExists: true } => new(ProblemKind.Conflict, api.Message),
        // The object that was read is gone and another has its name; older servers do not call that a conflict.
        { IsInvalid: true, Details.Causes: var causes } when causes.Any(cause => cause.Field == "metadata.uid") =>
            new(ProblemKind.PreconditionFailed, "the object was deleted and made anew since; read it again"),
        // Admission speaks by 403 and 400 as well; RBAC was asked before, and Fleet itself may do everything.
        { IsInvalid: true } or { IsForbidden: true } => new(ProblemKind.Rejected, api.Message, Fields(api)),
        { Code: 400 } => new(ProblemKind.Invalid, api.Message, Fields(api)),
        { Code: 413 } => new(ProblemKind.TooLarge, api.Message),
        { Code: 429 } => new(ProblemKind.Unavailable, "the management API is busy") { RetryAfter = api.Details?.RetryAfterSeconds ?? 1 },
        { IsTransient: true } => new(ProblemKind.Unavailable, $"management API: {api.Message}") { RetryAfter = api.Details?.RetryAfterSeconds ?? 5 },
        _ => new(ProblemKind.ManagementApi, $"management API: {api.Message}"),
    };

    private static List<ProblemField>? Fields(KubeApiException api) =>
        api.Details?.Causes is { Count: > 0 } causes
            ? [.. causes.Select(cause => new ProblemField { Field = cause.Field ?? "", Message = cause.Message ?? cause.Type ?? "" })]
            : null;
}
