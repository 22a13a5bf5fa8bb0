using Fleet.Contracts.Access;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Access;

/// <summary>Everything that decides which copies are made where: all reads are done.</summary>
internal sealed record AccessFacts
{
    public required CustomResource<AccessManagementSpec, AccessManagementStatus> Object { get; init; }

    /// <summary>How many namespaces the server has; none at all can only be a mistake.</summary>
    public required int Namespaces { get; init; }

    /// <summary>One for each kind and rule.</summary>
    public required IReadOnlyList<Distribution> Wanted { get; init; }

    /// <summary>Objects outside of the system namespaces, of every kind that is or was distributed, that are copies or have the name of a wanted one.</summary>
    public required IReadOnlyList<PlacedObject> Existing { get; init; }

    /// <summary>What can not be distributed, kind by kind.</summary>
    public IReadOnlyList<KindProblem> Problems { get; init; } = [];
}

/// <summary>Objects of a kind that go to namespaces.</summary>
internal sealed record Distribution(ResourceKind Kind, IReadOnlyList<DynamicObject> Sources, IReadOnlyList<string> Namespaces);

internal sealed record PlacedObject(ResourceKind Kind, DynamicObject Object, bool IsCopy);

internal sealed record KindProblem(string Group, string Kind, string Error);
