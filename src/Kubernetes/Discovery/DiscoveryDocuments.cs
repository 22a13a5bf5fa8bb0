using System.Text.Json.Serialization;

namespace Fleet.Kubernetes.Discovery;

/// <summary>The wire form of discovery, both the aggregated one (apidiscovery.k8s.io) and the older per-group one.</summary>
internal sealed record AggregatedDiscovery
{
    public string? Kind { get; init; }
    public List<AggregatedGroup>? Items { get; init; }

    internal sealed record AggregatedGroup
    {
        public Named? Metadata { get; init; }
        public List<AggregatedVersion>? Versions { get; init; }
    }

    internal sealed record Named
    {
        public string? Name { get; init; }
    }

    internal sealed record AggregatedVersion
    {
        public string? Version { get; init; }
        public List<AggregatedResource>? Resources { get; init; }
    }

    internal sealed record AggregatedResource
    {
        public string? Resource { get; init; }
        public GroupKind? ResponseKind { get; init; }
        public string? Scope { get; init; }
        public string? SingularResource { get; init; }
        public List<string>? Verbs { get; init; }
        public List<string>? ShortNames { get; init; }
        public List<string>? Categories { get; init; }
        public List<AggregatedSubresource>? Subresources { get; init; }
    }

    internal sealed record AggregatedSubresource
    {
        public string? Subresource { get; init; }
    }

    internal sealed record GroupKind
    {
        public string? Kind { get; init; }
    }
}

internal sealed record ApiGroupList
{
    public List<ApiGroup>? Groups { get; init; }

    internal sealed record ApiGroup
    {
        public string? Name { get; init; }
        public List<ApiGroupVersion>? Versions { get; init; }
        public ApiGroupVersion? PreferredVersion { get; init; }
    }

    internal sealed record ApiGroupVersion
    {
        public string? Version { get; init; }
    }
}

internal sealed record ApiVersions
{
    public List<string>? Versions { get; init; }
}

internal sealed record ApiResourceList
{
    public List<Entry>? Resources { get; init; }

    internal sealed record Entry
    {
        public string? Name { get; init; }
        public string? SingularName { get; init; }
        public bool Namespaced { get; init; }
        public string? Kind { get; init; }
        public List<string>? Verbs { get; init; }
        public List<string>? ShortNames { get; init; }
        public List<string>? Categories { get; init; }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AggregatedDiscovery))]
[JsonSerializable(typeof(ApiGroupList))]
[JsonSerializable(typeof(ApiVersions))]
[JsonSerializable(typeof(ApiResourceList))]
internal sealed partial class DiscoveryJson : JsonSerializerContext;
