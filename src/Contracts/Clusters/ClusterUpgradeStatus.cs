using System.ComponentModel;
using System.Text.Json.Nodes;

namespace Fleet.Contracts.Clusters;

/// <summary>How far the last change of the cluster's release has come. Kept when it is done: it says what the release is made of.</summary>
public sealed record ClusterUpgradeStatus
{
    [Description("ControlPlane, Workers, Completed or Failed.")]
    public string Phase { get; set; } = "";

    [Description("Name of the ClusterTemplate that the release is made of.")]
    public string? Template { get; set; }

    [Description("Name of the ClusterTemplate that it was made of before.")]
    public string? PreviousTemplate { get; set; }

    [Description("Identifies chart and values of the release.")]
    public string? Fingerprint { get; set; }

    [Description("When the change was made.")]
    public DateTimeOffset? Started { get; set; }

    [Description("When a machine last became as wanted. The deadline counts from here.")]
    public DateTimeOffset? Progressed { get; set; }

    [Description("When the last machine was as wanted.")]
    public DateTimeOffset? Completed { get; set; }

    [Description("Machines of the control plane.")]
    public MachineProgress? ControlPlane { get; set; }

    [Description("Machines of all worker pools.")]
    public MachineProgress? Workers { get; set; }

    [Description("The last template and config that all machines of the cluster came up with: where a rollback leads.")]
    public ClusterGoodState? LastGood { get; set; }

    [Description("Set while the cluster is kept at lastGood although its spec says otherwise.")]
    public ClusterRollback? Rollback { get; set; }
}

public sealed record MachineProgress
{
    [Description("Version of Kubernetes that is wanted.")]
    public string? Version { get; set; }

    [Description("Machines that are as wanted.")]
    public int Updated { get; set; }

    [Description("Machines that there are to be.")]
    public int Total { get; set; }
}

public sealed record ClusterGoodState
{
    [Description("Name of the ClusterTemplate.")]
    public string? Template { get; set; }

    [Description("spec.config of that time.")]
    public JsonNode? Config { get; set; }
}

public sealed record ClusterRollback
{
    [Description("Generation of the spec that did not work. A newer one ends the rollback.")]
    public long? Generation { get; set; }

    [Description("Name of the ClusterTemplate that did not work.")]
    public string? Template { get; set; }

    [Description("Why, in one word: HelmFailed or DeadlineExceeded.")]
    public string? Reason { get; set; }

    [Description("Why.")]
    public string? Message { get; set; }

    [Description("When it was decided.")]
    public DateTimeOffset? Since { get; set; }
}
