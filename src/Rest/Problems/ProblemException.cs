using Fleet.Contracts.Api;

namespace Fleet.Rest.Problems;

/// <summary>Ends a call with this answer.</summary>
public sealed class ProblemException(ProblemKind kind, string detail, IReadOnlyList<ProblemField>? errors = null) : Exception(detail)
{
    public ProblemKind Kind { get; } = kind;

    public IReadOnlyList<ProblemField>? Errors { get; } = errors;

    /// <summary>Seconds, for the header of that name.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>One wrong field.</summary>
    public static ProblemException Invalid(string field, string message) => new(ProblemKind.Invalid, $"{field}: {message}", [new() { Field = field, Message = message }]);
}
