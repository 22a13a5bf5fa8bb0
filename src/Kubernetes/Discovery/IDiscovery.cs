using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Discovery;

/// <summary>
/// The kinds a server has. Answers come from memory; a kind that is not there makes the cache look again, but not more often than its rate
/// limit allows, so that asking for a missing kind in a loop costs the server nothing.
/// </summary>
public interface IDiscovery
{
    Task<ResourceKind?> FindAsync(GroupVersionKind kind, CancellationToken ct);

    /// <summary>
    /// By the word a user types: plural, singular, kind or short name in any case, also with group (<c>deploy</c>, <c>deployments.apps</c>,
    /// <c>deployments.v1.apps</c>). Where groups share a word the core group wins, then the server's order.
    /// </summary>
    Task<ApiResource?> FindByWordAsync(string word, CancellationToken ct);

    /// <summary>Everything that is served, in the server's order of groups, preferred versions first.</summary>
    Task<IReadOnlyList<ApiResource>> AllAsync(CancellationToken ct);

    /// <summary>Forgets what is cached, for instance after a CRD was installed.</summary>
    void Invalidate();
}

/// <summary>One row of discovery.</summary>
public sealed record ApiResource(ResourceKind Kind)
{
    public string Singular { get; init; } = "";
    public IReadOnlyList<string> ShortNames { get; init; } = [];
    public IReadOnlyList<string> Categories { get; init; } = [];
    public IReadOnlyList<string> Verbs { get; init; } = [];
    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>This version is the one that the server prefers for the group.</summary>
    public bool IsPreferred { get; init; }
}
