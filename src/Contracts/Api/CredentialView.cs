using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>A Credential: what it refers to and who uses it, never what is in it.</summary>
public sealed record CredentialView
{
    public required string Namespace { get; init; }
    public required string Name { get; init; }
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public bool Ready { get; init; }
    public required string Message { get; init; }
    public string? Description { get; init; }
    public string? Region { get; init; }
    public string? IdentityKind { get; init; }
    public string? IdentityNamespace { get; init; }
    public string? IdentityName { get; init; }

    [Description("Names of the clusters in this namespace that are made with it; absent for who may not list clusters here.")]
    public IReadOnlyList<string>? UsedBy { get; init; }
    public IReadOnlyList<ConditionView> Conditions { get; init; } = [];
    public DateTimeOffset? Created { get; init; }
}
