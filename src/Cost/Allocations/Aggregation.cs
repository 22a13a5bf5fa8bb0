using System.Collections.Immutable;

namespace Fleet.Cost.Allocations;

/// <summary>What allocations are added up by: a list of properties whose values make the key, joined by <c>/</c>.</summary>
public sealed class Aggregation
{
    /// <summary>More than anybody reads in one table.</summary>
    public const int MostProperties = 10;

    private const int LongestText = 2000;

    private const string CategoryPrefix = "category:";

    private readonly ImmutableArray<Func<AllocationProperties, string?>> values;

    private Aggregation(IEnumerable<string> properties, LabelAliases aliases, Func<string, Func<AllocationProperties, string?>>? categories)
    {
        Properties = [.. properties];
        values = [.. Properties.Select(property => property.StartsWith(CategoryPrefix, StringComparison.Ordinal)
            ? categories?.Invoke(property[CategoryPrefix.Length..]) ?? throw new CostQueryException("categories are not known here")
            : ValueOf(property, aliases))];
    }

    /// <summary>As they were asked for, in their usual spelling.</summary>
    public IReadOnlyList<string> Properties { get; }

    /// <param name="text">A comma list: <c>cluster,namespace</c>, <c>label:app</c>, <c>annotation:team</c>, <c>team</c>, <c>category:products</c>.</param>
    /// <param name="categories">Finds the values of a category by its name; throws when there is none.</param>
    /// <exception cref="CostQueryException">A property is not known.</exception>
    public static Aggregation Parse(string text, LabelAliases? aliases = null, Func<string, Func<AllocationProperties, string?>>? categories = null)
    {
        if (text.Length > LongestText)
            throw new CostQueryException($"what to aggregate by has at most {LongestText} characters");
        // One property may be named twice; the key would only say the same twice.
        var properties = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Normal).Distinct().ToList();
        if (properties.Count == 0)
            throw new CostQueryException("nothing to aggregate by");
        if (properties.Count > MostProperties)
            throw new CostQueryException($"at most {MostProperties} properties can be aggregated by");
        return new(properties, aliases ?? LabelAliases.Default, categories);
    }

    public string KeyOf(Allocation allocation) => string.Join('/', values.Select(value => value(allocation.Properties) is { Length: > 0 } text ? text : AllocationKeys.Unallocated));

    private static string Normal(string property)
    {
        foreach (var prefix in (string[])["label:", "annotation:", CategoryPrefix])
            if (property.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return property[prefix.Length..].Trim() is { Length: > 0 } key
                    ? prefix + key
                    : throw new CostQueryException($"{CostQueryException.Quote(property)} names no key");
        return property.ToLowerInvariant() switch
        {
            "controllerkind" => "controllerKind",
            "providerid" => "providerID",
            "services" => "service",
            "cluster" or "node" or "namespace" or "controller" or "deployment" or "statefulset" or "daemonset" or "job" or "service" or "pod" or "container"
                or "team" or "department" or "owner" or "product" or "environment" => property.ToLowerInvariant(),
            _ => throw new CostQueryException(
                $"{CostQueryException.Quote(property)} can not be aggregated by: use cluster, node, namespace, controllerKind, controller, deployment, statefulset, daemonset, job, "
                + "service, pod, container, providerID, label:KEY, annotation:KEY, category:NAME, team, department, owner, product or environment"),
        };
    }

    private static Func<AllocationProperties, string?> ValueOf(string property, LabelAliases aliases)
    {
        if (property.StartsWith("label:", StringComparison.Ordinal))
            return Metadata(property["label:".Length..], properties => properties.Labels);
        if (property.StartsWith("annotation:", StringComparison.Ordinal))
            return Metadata(property["annotation:".Length..], properties => properties.Annotations);
        if (aliases.KeyOf(property) is { } key)
            return properties => MetadataKeys.TryGet(properties.Labels, key, out var label) ? label
                : MetadataKeys.TryGet(properties.Annotations, key, out var annotation) ? annotation : null;
        return property switch
        {
            "cluster" => properties => properties.Cluster,
            "node" => properties => properties.Node,
            "namespace" => properties => properties.Namespace,
            "controllerKind" => properties => properties.ControllerKind,
            "controller" => properties => properties is { Controller.Length: > 0, ControllerKind.Length: > 0 }
                ? $"{properties.ControllerKind}:{properties.Controller}"
                : properties.Controller,
            "deployment" or "statefulset" or "daemonset" or "job" => properties => properties.ControllerKind == property ? properties.Controller : null,
            // A load balancer that nobody stands behind names its service too, and is still unmounted.
            "service" => properties => properties.Pod == AllocationKeys.Unmounted ? AllocationKeys.Unmounted : properties.Services.Count > 0 ? properties.Services[0] : null,
            "pod" => properties => properties.Pod,
            "container" => properties => properties.Container,
            _ => properties => properties.ProviderId,
        };
    }

    private static Func<AllocationProperties, string?> Metadata(string key, Func<AllocationProperties, IReadOnlyDictionary<string, string>> map) =>
        properties => MetadataKeys.TryGet(map(properties), key, out var value) ? value : null;
}
