using Fleet.Observability.History;

namespace Fleet.Observability.Query.Records;

/// <summary>What happened to an object of a managed cluster in a time: a first look, with the addresses that tell more.</summary>
/// <param name="Events">Of the cluster's ClusterDeployment in the management API; null when the caller may not list events there.</param>
/// <param name="ObjectEvents">Kubernetes events about the object itself, where a collector in the cluster sends them as logs.</param>
internal sealed record RelatedResponse(
    string Cluster, RelatedObject Object, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<EventRow>? Events, IReadOnlyList<LogResponse> ObjectEvents, IReadOnlyList<LogResponse> Logs,
    IReadOnlyList<TraceResponse> Traces, RelatedLinks Links)
{
    /// <summary>What is not kept here, and where it is instead; null when all of it is here.</summary>
    public IReadOnlyList<string>? Elsewhere { get; init; }
}

internal sealed record RelatedObject(string Kind, string? Namespace, string Name);

/// <summary>Addresses of the whole lists.</summary>
internal sealed record RelatedLinks(string Logs, string Traces, string Events);
