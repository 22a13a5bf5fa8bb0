using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.DataSources;

[Kind("ClusterDataSource", "clusterdatasources", ShortNames = ["clds"], Status = typeof(ClusterDataSourceStatus))]
[PrinterColumn(0, "DataSource", "string", ".spec.dataSource", Description = "Name of the DataSource")]
[PrinterColumn(1, "Schema", "string", ".spec.schema", Description = "Name of the database")]
[PrinterColumn(2, "Ready", "string", ".status.ready", Description = "Whether the database can be used")]
[PrinterColumn(3, "Error", "string", ".status.error", Description = "What is wrong", Priority = 1)]
[PrinterColumn(4, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Description("The database of one cluster.")]
public sealed record ClusterDataSourceSpec
{
    [Required, Immutable("changing the schema is not supported"), Description("Name of the database.")]
    public string Schema { get; set; } = "";

    [Required, Description("Name of a DataSource in this namespace.")]
    public string DataSource { get; set; } = "";
}

public sealed record ClusterDataSourceStatus
{
    [Required, Description("Whether the database can be used.")]
    public bool Ready { get; set; }

    [Description("Name of the Secret with the connection string.")]
    public string? KineDataSourceSecret { get; set; }

    [Description("Name of the Secret with the certificate authority.")]
    public string? CaSecret { get; set; }

    [Description("What is wrong.")]
    public string? Error { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}
