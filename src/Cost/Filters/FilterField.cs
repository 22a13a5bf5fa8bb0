namespace Fleet.Cost.Filters;

/// <summary>What a filter can look at.</summary>
/// <param name="Name">As it is written in filters.</param>
/// <param name="Shape">What its values are.</param>
public sealed record FilterField(string Name, FilterFieldShape Shape)
{
    /// <summary>Fields of allocations.</summary>
    public static IReadOnlyList<FilterField> OfAllocations { get; } =
    [
        .. new[] { "cluster", "node", "namespace", "controllerKind", "controllerName", "pod", "container", "provider" }.Select(name => new FilterField(name, FilterFieldShape.Text)),
        new("services", FilterFieldShape.List),
        new("label", FilterFieldShape.Map),
        new("annotation", FilterFieldShape.Map),
        .. new[] { "team", "department", "owner", "product", "environment" }.Select(name => new FilterField(name, FilterFieldShape.Alias)),
    ];
}
