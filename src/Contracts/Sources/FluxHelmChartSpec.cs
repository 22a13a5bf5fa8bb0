using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Sources;

/// <summary>Flux' HelmChart.</summary>
[Kind("HelmChart", "helmcharts", Group = FleetApi.SourceGroup, Versions = ["v1beta2", FleetApi.SourceVersion], ShortNames = ["hc"], Status = typeof(HelmChartStatus))]
[PrinterColumn(0, "Chart", "string", ".spec.chart")]
[PrinterColumn(1, "Version", "string", ".spec.version")]
[PrinterColumn(2, "Source Kind", "string", ".spec.sourceRef.kind")]
[PrinterColumn(3, "Source Name", "string", ".spec.sourceRef.name")]
[PrinterColumn(4, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(5, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(6, "Status", "string", ".status.conditions[?(@.type==\"Ready\")].message")]
[Rule("!has(self.verify) || self.sourceRef.kind == 'HelmRepository'", "spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository'")]
[Description("A chart of a repository, or in a folder of a source.")]
public sealed record FluxHelmChartSpec
{
    [Required, Description("Name of the chart in its repository, or its folder in a source.")]
    public string Chart { get; set; } = "";

    [DefaultValue("*"), Description("Version of the chart, or a semver range; not used for folders.")]
    public string? Version { get; set; }

    [Required, Description("Where the chart is.")]
    public ChartSourceReference SourceRef { get; set; } = new();

    [Required, RegularExpression(SourcePatterns.Interval), Description("How often to look for a new version.")]
    public string Interval { get; set; } = "";

    [DefaultValue("ChartVersion"), AllowedValues("ChartVersion", "Revision"), Description("What counts as a new version.")]
    public string? ReconcileStrategy { get; set; }

    [Description("Values files of the chart to use in place of values.yaml.")]
    public List<string>? ValuesFiles { get; set; }

    [Description("Go on when a values file does not exist.")]
    public bool? IgnoreMissingValuesFiles { get; set; }

    [Description("Stop looking.")]
    public bool? Suspend { get; set; }

    [Description("How the signature of the chart is checked.")]
    public SignatureVerification? Verify { get; set; }
}

/// <summary>A source in the same namespace that holds charts.</summary>
public sealed record ChartSourceReference
{
    [Description("API version of the source.")]
    public string? ApiVersion { get; set; }

    [Required, AllowedValues("HelmRepository", "GitRepository", "Bucket"), Description("Kind of the source.")]
    public string Kind { get; set; } = "";

    [Required, Description("Name of the source.")]
    public string Name { get; set; } = "";
}
