using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>Where a cluster stands and where it can go.</summary>
public sealed record UpgradesView
{
    [Description("The ClusterTemplate that spec names.")]
    public required string Wanted { get; init; }

    [Description("The ClusterTemplate that the cluster is installed from; absent before the first installation.")]
    public string? Installed { get; init; }
    public string? KubernetesVersion { get; init; }
    public IReadOnlyList<UpgradeView> Available { get; init; } = [];
}

public sealed record UpgradeView
{
    public required string Template { get; init; }
    public string? ChartVersion { get; init; }
    public string? KubernetesVersion { get; init; }
    public bool Valid { get; init; }
}

/// <summary>Body of <c>POST …/actions/upgrade</c>.</summary>
public sealed record UpgradeRequest
{
    [Description("One of the available upgrades.")]
    public string? Template { get; init; }
}
