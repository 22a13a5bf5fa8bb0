using Fleet.Control.Health;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Health;

/// <summary>
/// How one object is: all that is kept of it for health. <see cref="Why"/> says what is wrong without naming the object; <see cref="Rule"/> is the custom
/// rule that says so, empty for a built-in one.
/// </summary>
internal sealed record ObjectHealth(ResourceKind Kind, ObjectKey Key, string Uid, long Generation, WorkloadVerdict Verdict, string Why)
{
    public string Rule { get; init; } = "";

    public bool IsSameAs(ObjectHealth other) => Kind == other.Kind && Key == other.Key;

    /// <summary>The same object, at this generation or a later one.</summary>
    public bool IsAsNewAs(ObjectHealth other) => IsSameAs(other) && Uid == other.Uid && Generation >= other.Generation;

    public override string ToString() => $"{Kind.Kind} {Key}: {Why}{(Rule.Length > 0 ? $" (rule {Rule})" : "")}";
}
