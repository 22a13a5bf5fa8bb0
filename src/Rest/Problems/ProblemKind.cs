namespace Fleet.Rest.Problems;

/// <summary>What can go wrong. The slug is part of the API: <c>urn:fleet:problem:SLUG</c>.</summary>
public sealed record ProblemKind(int Status, string Slug, string Title)
{
    public static ProblemKind Invalid { get; } = new(400, "invalid-request", "The request is wrong");
    public static ProblemKind Unauthenticated { get; } = new(401, "unauthenticated", "The caller is not known");
    public static ProblemKind Forbidden { get; } = new(403, "forbidden", "RBAC does not allow it");
    public static ProblemKind NotFound { get; } = new(404, "not-found", "There is no such object");
    public static ProblemKind Conflict { get; } = new(409, "conflict", "The object is not in a state for this");
    public static ProblemKind Expired { get; } = new(410, "expired", "The snapshot is gone");
    public static ProblemKind PreconditionFailed { get; } = new(412, "precondition-failed", "The object has changed");
    public static ProblemKind TooLarge { get; } = new(413, "too-large", "The body is too large");
    public static ProblemKind WrongMediaType { get; } = new(415, "wrong-media-type", "The body has another format");
    public static ProblemKind Rejected { get; } = new(422, "rejected", "The management API rejects it");
    public static ProblemKind PreconditionRequired { get; } = new(428, "precondition-required", "If-Match is needed");
    public static ProblemKind TooManyRequests { get; } = new(429, "too-many-requests", "Too many calls");
    public static ProblemKind Internal { get; } = new(500, "internal", "Fleet failed");
    public static ProblemKind ManagementApi { get; } = new(502, "management-api", "The management API answered in an unexpected way");
    public static ProblemKind ManagedCluster { get; } = new(502, "managed-cluster", "The managed cluster did not answer as it should");
    public static ProblemKind Helm { get; } = new(502, "helm", "Helm could not do it");
    public static ProblemKind HelmUnavailable { get; } = new(503, "helm-unavailable", "Helm could not do it now");
    public static ProblemKind Unavailable { get; } = new(503, "unavailable", "The management API does not answer");
    public static ProblemKind AuditUnavailable { get; } = new(503, "audit-unavailable", "The call cannot be recorded, so it is not made");

    public static ProblemKind HistoryUnavailable { get; } = new(503, "history-unavailable", "The history cannot be read");

    public static ProblemKind SignInUnavailable { get; } = new(503, "sign-in-unavailable", "Nobody can sign in now");

    public string Type => "urn:fleet:problem:" + Slug;
}
