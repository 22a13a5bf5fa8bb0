using Fleet.Contracts.Validation;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>A reason to refuse a change that lies in other objects. Pure.</summary>
internal interface IUseRule
{
    IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts);
}

/// <summary>
/// Why a change is refused. With <see cref="Field"/> it is about that field, else about the object. <see cref="Users"/> are looked at once more before
/// it counts, when they are all that stands in the way: what is read from watches may be some milliseconds old.
/// </summary>
internal sealed record Refusal(string Message)
{
    public string? Field { get; init; }

    public string? Warning { get; init; }

    public IReadOnlyList<User> Users { get; init; } = [];

    /// <summary>A user's own setting said to only tell this.</summary>
    public bool IsOnlyWarning { get; init; }

    public FieldProblem? Problem => Field is null ? null : new(Field, Message);
}

/// <summary>An object that uses another.</summary>
internal sealed record User(ResourceKind Kind, ObjectKey Key)
{
    /// <summary>How many are named; the rest is counted.</summary>
    private const int Named = 5;

    /// <summary>One that is being deleted does not count either.</summary>
    public bool MayBeGoing { get; init; }

    /// <summary><c>ClusterDeployments default/a, default/b and 3 more</c>.</summary>
    public static string Names(IReadOnlyList<User> users) => string.Join("; ", users.GroupBy(user => user.Kind.Kind).Select(group =>
    {
        var names = string.Join(", ", group.Take(Named).Select(user => user.Key.ToString()));
        var rest = group.Count() - Named;
        return $"{group.Key}{(group.Count() > 1 ? "s" : "")} {names}{(rest > 0 ? $" and {rest} more" : "")}";
    }));
}
