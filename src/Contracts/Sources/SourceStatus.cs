using System.ComponentModel;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Sources;

/// <summary>What the status of every kind of source says; where Flux runs, it is Flux that writes it.</summary>
public abstract record SourceStatus
{
    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("What was fetched last.")]
    public SourceArtifact? Artifact { get; set; }

    [Description("Address of the latest artifact.")]
    public string? Url { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }

    [Description("The last value of the annotation that asks for a reconcile.")]
    public string? LastHandledReconcileAt { get; set; }
}

public sealed record HelmChartStatus : SourceStatus
{
    [Description("Name of the chart that was found.")]
    public string? ObservedChartName { get; set; }

    [Description("Revision of the source that the chart was taken from.")]
    public string? ObservedSourceArtifactRevision { get; set; }

    [Description("Values files that were used.")]
    public List<string>? ObservedValuesFiles { get; set; }
}

public sealed record GitRepositoryStatus : SourceStatus
{
    [Description("Patterns that were left out.")]
    public string? ObservedIgnore { get; set; }

    [Description("Repositories that were included.")]
    public List<GitRepositoryInclude>? ObservedInclude { get; set; }

    [Description("Whether submodules were fetched.")]
    public bool? ObservedRecurseSubmodules { get; set; }

    [Description("Folders that were checked out.")]
    public List<string>? ObservedSparseCheckout { get; set; }

    [Description("Artifacts of the repositories that were included.")]
    public List<SourceArtifact>? IncludedArtifacts { get; set; }

    [Description("What was verified last.")]
    public string? SourceVerificationMode { get; set; }
}

public sealed record BucketStatus : SourceStatus
{
    [Description("Patterns that were left out.")]
    public string? ObservedIgnore { get; set; }
}

public sealed record OciRepositoryStatus : SourceStatus
{
    [Description("Patterns that were left out.")]
    public string? ObservedIgnore { get; set; }

    [Description("Layer that was taken.")]
    public OciLayerSelector? ObservedLayerSelector { get; set; }
}
