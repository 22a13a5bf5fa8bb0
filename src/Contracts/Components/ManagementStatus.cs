using System.ComponentModel;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Components;

public sealed record ManagementStatus : ComponentsStatus
{
    [Description("Name of the Release that is installed.")]
    public string? Release { get; set; }

    [Description("Name of the ManagementBackup's copy that was made before the upgrade in progress.")]
    public string? BackupName { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}
