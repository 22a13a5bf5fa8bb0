using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>Every answer that is not a success: RFC 9457 <c>application/problem+json</c>.</summary>
public sealed record Problem
{
    [Description("urn:fleet:problem:…, stable: programs compare this.")]
    public required string Type { get; init; }

    [Description("The type in words.")]
    public required string Title { get; init; }

    [Description("HTTP status.")]
    public required int Status { get; init; }

    [Description("What happened in this case, for people.")]
    public string? Detail { get; init; }

    [Description("The same as the header X-Request-Id; the audit knows the call by it.")]
    public string? RequestId { get; init; }

    [Description("What is wrong in the query, the header or the body, one entry a field.")]
    public IReadOnlyList<ProblemField>? Errors { get; init; }
}

public sealed record ProblemField
{
    [Description("?limit, header If-Match, or a path in the body such as spec.template.")]
    public required string Field { get; init; }

    public required string Message { get; init; }
}
