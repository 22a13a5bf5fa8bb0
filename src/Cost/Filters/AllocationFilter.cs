using Fleet.Cost.Allocations;

namespace Fleet.Cost.Filters;

/// <summary>A filter as a predicate of allocations. Comparisons are of whole code units: cases differ. Pure and usable by many threads.</summary>
public sealed class AllocationFilter
{
    private readonly Func<AllocationProperties, bool> matches;

    private AllocationFilter(FilterNode tree, LabelAliases aliases)
    {
        Tree = tree;
        matches = Compile(tree, aliases);
    }

    public static AllocationFilter Everything { get; } = new(new EveryNode(), LabelAliases.Default);

    public FilterNode Tree { get; }

    public bool IsEverything => Tree is EveryNode;

    /// <exception cref="FilterException">It is no filter.</exception>
    public static AllocationFilter Parse(string filter, LabelAliases? aliases = null) => new(FilterParser.Parse(filter), aliases ?? LabelAliases.Default);

    public bool Matches(Allocation allocation) => matches(allocation.Properties);

    public bool Matches(AllocationProperties properties) => matches(properties);

    private static Func<AllocationProperties, bool> Compile(FilterNode node, LabelAliases aliases)
    {
        switch (node)
        {
            case AndNode and:
                var all = Array.ConvertAll([.. and.Parts], part => Compile(part, aliases));
                return properties => Array.TrueForAll(all, part => part(properties));
            case OrNode or:
                var any = Array.ConvertAll([.. or.Parts], part => Compile(part, aliases));
                return properties => Array.Exists(any, part => part(properties));
            case ComparisonNode comparison:
                var holds = Compare(comparison, aliases);
                return comparison.IsNegated ? properties => !holds(properties) : holds;
            default:
                return _ => true;
        }
    }

    private static Func<AllocationProperties, bool> Compare(ComparisonNode node, LabelAliases aliases)
    {
        // What has no value is found by the name that it has in tables.
        var value = node.Value == AllocationKeys.Unallocated ? "" : node.Value;
        var fits = Text(node.Operator, value);
        if (node.Field.Shape == FilterFieldShape.Text)
        {
            var read = TextOf(node.Field);
            return properties => fits(read(properties));
        }
        return node.Field.Shape switch
        {
            FilterFieldShape.Map when node.Key is { } key => properties => fits(MetadataKeys.TryGet(MapOf(node.Field, properties), key, out var text) ? text : ""),
            FilterFieldShape.Map => properties => HasKey(MapOf(node.Field, properties), node.Operator, value),
            FilterFieldShape.List => node.Operator == FilterOperator.Contains
                ? properties => properties.Services.Count == 0 ? value.Length == 0 : properties.Services.Contains(value)
                : properties => properties.Services.Any(fits),
            _ => Alias(aliases.KeyOf(node.Field.Name)!, value, fits),
        };
    }

    /// <summary>A label, or where there is none an annotation; where there is neither, only the empty value fits.</summary>
    private static Func<AllocationProperties, bool> Alias(string key, string value, Func<string, bool> fits) => properties =>
        MetadataKeys.TryGet(properties.Labels, key, out var label) ? fits(label)
        : MetadataKeys.TryGet(properties.Annotations, key, out var annotation) ? fits(annotation)
        : value.Length == 0;

    private static Func<string, bool> Text(FilterOperator by, string value) => by switch
    {
        FilterOperator.Is => text => text == value,
        FilterOperator.Contains => text => text.Contains(value, StringComparison.Ordinal),
        FilterOperator.StartsWith => text => text.StartsWith(value, StringComparison.Ordinal),
        _ => text => text.EndsWith(value, StringComparison.Ordinal),
    };

    private static bool HasKey(IReadOnlyDictionary<string, string> map, FilterOperator by, string value)
    {
        if (by == FilterOperator.Contains)
            return MetadataKeys.TryGet(map, value, out _);
        var wanted = MetadataKeys.Sanitize(value);
        return map.Keys.Select(MetadataKeys.Sanitize).Any(Text(by, wanted));
    }

    private static IReadOnlyDictionary<string, string> MapOf(FilterField field, AllocationProperties properties) => field.Name == "label" ? properties.Labels : properties.Annotations;

    private static Func<AllocationProperties, string> TextOf(FilterField field) => field.Name switch
    {
        "cluster" => properties => properties.Cluster,
        "node" => properties => properties.Node,
        "namespace" => properties => properties.Namespace,
        "controllerKind" => properties => properties.ControllerKind,
        "controllerName" => properties => properties.Controller,
        "pod" => properties => properties.Pod,
        "container" => properties => properties.Container,
        "provider" => properties => properties.ProviderId,
        _ => throw new ArgumentException($"{field.Name} is no text of an allocation", nameof(field)),
    };
}
