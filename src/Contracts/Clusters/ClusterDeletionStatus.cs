using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Fleet.Contracts.Clusters;

public sealed record ClusterDeletionStatus
{
    [Description("Held, Services, Workloads, Release, Cluster, DataSource or Finalizer.")]
    public string Phase { get; set; } = "";

    [Description("When the phase began.")]
    public DateTimeOffset? Since { get; set; }

    [Description("When the phase should be over. What can be left behind is left behind then; for the rest a warning is given and the deletion goes on trying.")]
    public DateTimeOffset? Deadline { get; set; }

    [Description("Delete, Orphan or Force.")]
    public string? Policy { get; set; }

    [Description("Phases that ended without having done their work.")]
    public List<string>? Skipped { get; set; }

    [Description("What holds the phase up; the first ten.")]
    public List<DeletionBlocker>? Blockers { get; set; }
}

public sealed record DeletionBlocker
{
    [Required, Description("Kind of the object.")]
    public string Kind { get; set; } = "";

    [Description("Its namespace, if it has one.")]
    public string? Namespace { get; set; }

    [Required, Description("Its name.")]
    public string Name { get; set; } = "";

    [Description("Why it is still there, in the words of whoever holds it.")]
    public string? Reason { get; set; }
}
