using Fleet.Contracts.StateProviders;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.StateProviders;

/// <summary>Everything that was read for a StateManagementProvider.</summary>
internal sealed record StateProviderFacts
{
    public required CustomResource<StateManagementProviderSpec, StateManagementProviderStatus> Object { get; init; }

    public required SeenResource Adapter { get; init; }

    public required IReadOnlyList<SeenResource> Provisioners { get; init; }

    /// <summary>Kinds of <c>provisionerCRDs</c> that are not served, each with the reason.</summary>
    public required IReadOnlyList<string> MissingKinds { get; init; }
}

/// <summary>An object that a provider names, as it was found.</summary>
internal sealed record SeenResource(ReadableResource Named)
{
    /// <summary>Null when it could not be read.</summary>
    public DynamicObject? Object { get; init; }

    /// <summary>Why it could not be read.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Reading it is not allowed.</summary>
    public bool IsForbidden { get; init; }

    public override string ToString() => $"{Named.Kind} {(Named.Namespace.Length > 0 ? $"{Named.Namespace}/" : "")}{Named.Name}";
}
