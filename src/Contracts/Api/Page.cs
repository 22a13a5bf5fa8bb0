using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>One page of a list. A page may hold fewer items than asked for, even none: the list ends where <see cref="Continue"/> is absent.</summary>
public sealed record Page<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    [Description("Hand it back as ?continue= for the next page of the same snapshot; absent on the last page.")]
    public string? Continue { get; init; }

    [Description("The snapshot that the page is of.")]
    public string? ResourceVersion { get; init; }

    [Description("True when objects were left out because RBAC lets you see some namespaces only.")]
    public bool LimitedByAccess { get; init; }
}
