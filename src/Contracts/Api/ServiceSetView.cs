using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>A ServiceSet with its services, in server-sent events of the kind <c>service-sets</c>.</summary>
public sealed record ServiceSetView
{
    [Description("Namespace of the ServiceSet and of its cluster.")]
    public required string Namespace { get; init; }
    public required string Name { get; init; }
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public required string Cluster { get; init; }
    public IReadOnlyList<ClusterServiceView> Services { get; init; } = [];
}
