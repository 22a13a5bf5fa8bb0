using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;
using Fleet.Contracts.Sources;

namespace Fleet.Contracts.Templates;

/// <summary>Where a chart comes from.</summary>
[ExactlyOneOf("chartSpec", "chartRef", "chartSource",
    None = "one of chartSpec, chartRef or chartSource must be set", Several = "chartSpec, chartSource and chartRef are mutually exclusive")]
public sealed record HelmSpec
{
    [Description("A chart of a repository.")]
    public HelmChartSpec? ChartSpec { get; set; }

    [Description("A chart object that exists.")]
    public SourceReference? ChartRef { get; set; }

    [Description("A chart in a folder of a source.")]
    [Rule("!has(self.localSourceRef) || (self.localSourceRef.kind != 'Secret' && self.localSourceRef.kind != 'ConfigMap')", "Secret and ConfigMap are not supported as Helm chart sources")]
    public SourceSpec? ChartSource { get; set; }
}

/// <summary>Flux' <c>HelmChartSpec</c>.</summary>
public sealed record HelmChartSpec
{
    [Required, StringLength(2048, MinimumLength = 1), Description("Name of the chart in its repository, or its folder in a source.")]
    public string Chart { get; set; } = "";

    [DefaultValue("*"), Description("Version of the chart, or a semver range.")]
    public string? Version { get; set; }

    [Description("The repository; absent means HelmRepository kcm-templates.")]
    public SourceReference? SourceRef { get; set; }

    [DefaultValue("10m0s"), Description("How often to look for a new version.")]
    public string? Interval { get; set; }

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

public sealed record SourceReference
{
    [Description("API version of the source.")]
    public string? ApiVersion { get; set; }

    [Required, AllowedValues("HelmRepository", "GitRepository", "Bucket", "OCIRepository", "HelmChart", "ExternalArtifact"), Description("Kind of the source.")]
    public string Kind { get; set; } = "";

    [Required, StringLength(253, MinimumLength = 1), Description("Name of the source.")]
    public string Name { get; set; } = "";

    [StringLength(63), Description("Namespace of the source; absent means the template's.")]
    public string? Namespace { get; set; }
}
