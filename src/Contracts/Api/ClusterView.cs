using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>A cluster (ClusterDeployment).</summary>
public sealed record ClusterView
{
    public required string Namespace { get; init; }
    public required string Name { get; init; }
    public string? Uid { get; init; }

    [Description("Also the ETag of the object.")]
    public string? ResourceVersion { get; init; }

    [Description("Grows with each change of what is declared.")]
    public long? Generation { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public required string Template { get; init; }
    public string? Credential { get; init; }
    public bool DryRun { get; init; }

    [Description("Pending, Provisioning, Ready, Degraded, Unknown, Paused or Deleting.")]
    public required string Phase { get; init; }
    public bool Ready { get; init; }

    [Description("What is waited for, in words.")]
    public required string Message { get; init; }
    public string? KubernetesVersion { get; init; }
    public string? Region { get; init; }
    public DateTimeOffset? Created { get; init; }
    public DateTimeOffset? DeletionRequested { get; init; }

    [Description("ClusterTemplates that the cluster can be upgraded to.")]
    public IReadOnlyList<string> AvailableUpgrades { get; init; } = [];
    public IReadOnlyList<ConditionView> Conditions { get; init; } = [];
    public IReadOnlyList<ServiceView> Services { get; init; } = [];
}

/// <summary>A service in a cluster.</summary>
public sealed record ServiceView
{
    public required string Name { get; init; }
    public required string Namespace { get; init; }
    public required string Template { get; init; }

    [Description("Deployed, Provisioning, Failed, Pending, Deleting or Deleted.")]
    public required string State { get; init; }
    public string? Version { get; init; }
    public string? Message { get; init; }
    public DateTimeOffset Since { get; init; }
}
