using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>A node, as the managed cluster itself tells.</summary>
public sealed record NodeView
{
    public required string Name { get; init; }
    public bool Ready { get; init; }
    public string? Message { get; init; }

    [Description("From the labels node-role.kubernetes.io/….")]
    public IReadOnlyList<string> Roles { get; init; } = [];
    public bool Schedulable { get; init; }
    public string? KubeletVersion { get; init; }
    public string? ProviderId { get; init; }
    public IReadOnlyList<string> Addresses { get; init; } = [];
    public DateTimeOffset? Created { get; init; }
}

/// <summary>A Cluster API Machine, as the management cluster tells.</summary>
public sealed record MachineView
{
    public required string Namespace { get; init; }
    public required string Name { get; init; }
    public string? Phase { get; init; }
    public string? KubernetesVersion { get; init; }
    public string? Node { get; init; }
    public string? ProviderId { get; init; }
    public bool ControlPlane { get; init; }

    [Description("Name of the MachineDeployment, for workers.")]
    public string? Deployment { get; init; }
    public DateTimeOffset? Created { get; init; }
    public DateTimeOffset? DeletionRequested { get; init; }
}

/// <summary>An event about a cluster that the management API still knows (about an hour); <c>/api/v1/events</c> has the history.</summary>
public sealed record EventView
{
    [Description("Normal or Warning.")]
    public required string Type { get; init; }
    public required string Reason { get; init; }
    public required string Message { get; init; }
    public int Count { get; init; }
    public DateTimeOffset? FirstSeen { get; init; }
    public DateTimeOffset? LastSeen { get; init; }
}
