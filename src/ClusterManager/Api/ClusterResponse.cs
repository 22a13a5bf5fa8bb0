using Fleet.Contracts.Conditions;
using Fleet.Contracts.Services;

namespace Fleet.ClusterManager.Api;

/// <summary>A cluster as the REST API shows it.</summary>
public sealed record ClusterResponse
{
    public required string Namespace { get; init; }
    public required string Name { get; init; }
    public required string Template { get; init; }
    public string? Credential { get; init; }
    public bool DryRun { get; init; }
    public bool Ready { get; init; }
    public string Message { get; init; } = "";
    public string? KubernetesVersion { get; init; }
    public DateTimeOffset? Created { get; init; }
    public DateTimeOffset? DeletionRequested { get; init; }
    public IReadOnlyList<Condition> Conditions { get; init; } = [];
    public IReadOnlyList<ServiceState> Services { get; init; } = [];

    internal static ClusterResponse Of(ClusterDeployment cluster)
    {
        var conditions = new ConditionSet(cluster.Status?.Conditions ?? []);
        return new()
        {
            Namespace = cluster.Metadata.Namespace ?? "",
            Name = cluster.Metadata.Name ?? "",
            Template = cluster.Spec.Template,
            Credential = cluster.Spec.Credential,
            DryRun = cluster.Spec.DryRun ?? false,
            Ready = conditions.IsTrue(SharedConditions.Ready),
            Message = conditions.Find(SharedConditions.Ready)?.Message ?? "not seen by Fleet yet",
            KubernetesVersion = cluster.Status?.K8sVersion,
            Created = cluster.Metadata.CreationTimestamp,
            DeletionRequested = cluster.Metadata.DeletionTimestamp,
            Conditions = [.. conditions],
            Services = cluster.Status?.Services ?? [],
        };
    }
}

public sealed record ClusterListResponse(IReadOnlyList<ClusterResponse> Items);
