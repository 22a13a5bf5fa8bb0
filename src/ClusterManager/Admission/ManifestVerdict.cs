using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission;

/// <summary>
/// The answer to a <see cref="ManifestChange"/>. Problems are about fields (422), a refusal is about other objects (403), and <see cref="NotYet"/> says that
/// it could not be found out at the moment (503). Nothing of the three lets the write through.
/// </summary>
public sealed record ManifestVerdict
{
    public static ManifestVerdict Allowed { get; } = new();

    public IReadOnlyList<FieldProblem> Problems { get; init; } = [];

    public string? Refusal { get; init; }

    public string? NotYet { get; init; }

    /// <summary>Shown to the user in any case.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public bool IsAllowed => Problems.Count == 0 && Refusal is null && NotYet is null;
}
