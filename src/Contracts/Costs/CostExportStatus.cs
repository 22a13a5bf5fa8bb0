using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Costs;

public sealed record CostExportStatus
{
    [Description("When everything that was to be written was written last.")]
    public DateTimeOffset? LastSuccess { get; set; }

    [Description("When it is written next.")]
    public DateTimeOffset? Next { get; set; }

    [Description("Rows of the running month.")]
    public long? Rows { get; set; }

    [Description("Value of the annotation that asked for the last export.")]
    public string? LastRequest { get; set; }

    [ListMap("period"), Description("What is in the bucket, the last twelve months of it.")]
    public List<ExportedPeriod>? Periods { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

public sealed record ExportedPeriod
{
    [Required, Description("The month, for example 2026-11.")]
    public string Period { get; set; } = "";

    [Description("Key of the object.")]
    public string? Key { get; set; }

    [Description("Rows in it.")]
    public long? Rows { get; set; }

    [Description("Workloads of hours or days that lack a price: what they cost is not in it.")]
    public long? Unpriced { get; set; }

    [Description("Bytes of the object.")]
    public long? Bytes { get; set; }

    [Description("SHA-256 of the object, in hex.")]
    public string? Sha256 { get; set; }

    [Description("When it was last made from the ledger.")]
    public DateTimeOffset? WrittenAt { get; set; }

    [Description("True when it is not written any more.")]
    public bool? Closed { get; set; }
}
