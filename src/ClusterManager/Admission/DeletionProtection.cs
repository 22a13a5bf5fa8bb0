using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission;

/// <summary>
/// The annotation that keeps an object from being deleted: <see cref="Always"/>, or <see cref="Cascading"/>, as long as something hangs on the object.
/// Whoever wants to delete the object takes the annotation away first. Pure.
/// </summary>
internal static class DeletionProtection
{
    public const string Always = "Always";

    public const string Cascading = "Cascading";

    public static string? Of(JsonObject manifest) => (string?)manifest["metadata"]?["annotations"]?[FleetAnnotations.DeletionProtection];

    /// <summary>A word that nobody understands protects nothing, so it is refused when it is written.</summary>
    public static IEnumerable<FieldProblem> Check(JsonObject wanted, JsonObject? old)
    {
        if (Of(wanted) is { } word and not (Always or Cascading) && (old is null || Of(old) != word))
            yield return new($"metadata.annotations[{FleetAnnotations.DeletionProtection}]", $"must be {Always} or {Cascading}, not \"{word}\"");
    }
}
