using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;
using Fleet.Contracts.Sources;

namespace Fleet.Contracts.Costs;

[Kind("CostExport", "costexports", Status = typeof(CostExportStatus))]
[PrinterColumn(0, "Bucket", "string", ".spec.bucket.name", Description = "Where to")]
[PrinterColumn(1, "Interval", "string", ".spec.interval", Description = "How often, unless there is a schedule")]
[PrinterColumn(2, "Last Success", "date", ".status.lastSuccess", Description = "When everything was written last")]
[PrinterColumn(3, "Rows", "integer", ".status.rows", Description = "Rows of the running month")]
[PrinterColumn(4, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", Description = "Whether what is to be there is there")]
[PrinterColumn(5, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Description = "Why not", Priority = 1)]
[PrinterColumn(6, "Schedule", "string", ".spec.schedule", Description = "When", Priority = 1)]
[PrinterColumn(7, "Age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[Rule("!has(self.timeZone) || has(self.schedule)", "timeZone is for a schedule")]
[Description("Costs as FOCUS files in an S3 bucket, one object for each month. Of the clusters of its own namespace; in the namespace of Fleet itself, of all. Fleet's own.")]
public sealed record CostExportSpec
{
    [Required, Description("The bucket, and how to get in.")]
    public ObjectBucket Bucket { get; set; } = new();

    [DefaultValue("6h"), RegularExpression(SourcePatterns.Interval), Description("How often the running month is written anew, at least 1m.")]
    public string? Interval { get; set; }

    [StringLength(100, MinimumLength = 1), Description("When it is written anew, as a cron expression of five fields: 30 5 * * 1-5. With it the interval is not looked at. A new or changed export is written at once.")]
    public string? Schedule { get; set; }

    [StringLength(64, MinimumLength = 1), Description("Time zone of the schedule, as in the IANA database: Europe/Paris. Absent means UTC.")]
    public string? TimeZone { get; set; }

    [DefaultValue("72h"), RegularExpression(SourcePatterns.Interval), Description("How long after its end a month is still written anew, since late hours come.")]
    public string? CloseAfter { get; set; }

    [DefaultValue("daily"), AllowedValues("daily", "hourly"), Description("Whether a row is of a day or of an hour.")]
    public string? Granularity { get; set; }

    [DefaultValue("1.2"), AllowedValues("1.2", "1.3"), Description("Version of FOCUS; 1.3 adds the columns that say how charges are split.")]
    public string? FocusVersion { get; set; }

    [DefaultValue("csv"), AllowedValues("csv", "jsonl"), Description("Format of the files, which are packed by gzip.")]
    public string? Format { get; set; }

    [StringLength(253, MinimumLength = 1), Description("BillingAccountId of the rows; absent means fleet.")]
    public string? BillingAccountId { get; set; }

    [StringLength(253, MinimumLength = 1), Description("BillingAccountName and InvoiceIssuerName of the rows; absent means Fleet.")]
    public string? BillingAccountName { get; set; }

    [Description("Write nothing for now.")]
    public bool? Suspend { get; set; }
}
