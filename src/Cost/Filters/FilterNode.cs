using System.Collections.Immutable;

namespace Fleet.Cost.Filters;

/// <summary>A filter as a tree.</summary>
public abstract record FilterNode;

/// <summary>Lets everything through: the empty filter.</summary>
public sealed record EveryNode : FilterNode;

/// <summary>All of the parts hold.</summary>
public sealed record AndNode(ImmutableArray<FilterNode> Parts) : FilterNode;

/// <summary>At least one of the parts holds.</summary>
public sealed record OrNode(ImmutableArray<FilterNode> Parts) : FilterNode;

/// <summary>A field compared with one value.</summary>
/// <param name="Field">The field.</param>
/// <param name="Key">The key of a map's field; null for the map itself and for other fields.</param>
/// <param name="Operator">How.</param>
/// <param name="IsNegated">Whether it must not hold.</param>
/// <param name="Value">The value.</param>
public sealed record ComparisonNode(FilterField Field, string? Key, FilterOperator Operator, bool IsNegated, string Value) : FilterNode;
