using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Compliance;

[Kind("ComplianceException", "complianceexceptions", ShortNames = ["cex"], Status = typeof(ComplianceExceptionStatus))]
[PrinterColumn(0, "Active", "string", ".status.conditions[?(@.type==\"Active\")].status", Description = "Whether it counts now")]
[PrinterColumn(1, "Expires", "string", ".spec.expires", Description = "When it ends")]
[PrinterColumn(2, "Findings", "integer", ".status.matchedFindings", Description = "Findings that it takes out of the report now")]
[PrinterColumn(3, "Reason", "string", ".spec.reason", Description = "Why it was granted", Priority = 1)]
[PrinterColumn(4, "Age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[ExactlyOneOf("clusters", "clusterSelector", None = "one of clusters and clusterSelector must say for which clusters it is", Several = "only one of clusters and clusterSelector may be set")]
[Description("Findings of policies that are accepted until a day. Covers clusters of its own namespace only. Fleet's own: it counts in Fleet's compliance report and changes nothing in the clusters.")]
public sealed record ComplianceExceptionSpec
{
    [Description("Names of ClusterDeployments in the same namespace.")]
    public List<string>? Clusters { get; set; }

    [Description("Labels of the ClusterDeployments in the same namespace. An empty selector finds none.")]
    public LabelSelector? ClusterSelector { get; set; }

    [Required, Rule("size(self) > 0", "must name a policy"), Description("Policies as the report names them, KIND/NAME for a constraint of Gatekeeper; * stands for any text.")]
    public List<string> Policies { get; set; } = [];

    [Description("Rules of the policies; absent means all. * stands for any text.")]
    public List<string>? Rules { get; set; }

    [Description("Namespaces in the clusters; absent means all, and what is in no namespace. * stands for any text.")]
    public List<string>? Namespaces { get; set; }

    [Description("Objects in the clusters; absent means all.")]
    public List<ExceptedResource>? Resources { get; set; }

    [Required, StringLength(1024, MinimumLength = 1), Description("Why, for whoever reads the report.")]
    public string Reason { get; set; } = "";

    [Required, Description("From then on it does not count any more.")]
    public DateTimeOffset Expires { get; set; }
}

public sealed record ExceptedResource
{
    [Required, StringLength(253, MinimumLength = 1), Description("Kind of the objects; * stands for any text.")]
    public string Kind { get; set; } = "";

    [StringLength(253), Description("Name of the objects; absent means all. * stands for any text.")]
    public string? Name { get; set; }
}
