using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Costs;

[Kind("CostCategory", "costcategories", Status = typeof(CostCategoryStatus))]
[PrinterColumn(0, "Values", "integer", ".status.valueCount", Description = "How many values have costs in the running month")]
[PrinterColumn(1, "Total", "number", ".status.total", Description = "What everything costs in the running month so far")]
[PrinterColumn(2, "Currency", "string", ".status.currency", Description = "Currency of the amounts")]
[PrinterColumn(3, "Unallocated %", "number", ".status.unallocatedPercent", Description = "Percent of the total that no rule gives to anybody")]
[PrinterColumn(4, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", Description = "Whether costs are divided by it")]
[PrinterColumn(5, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Description = "Why not", Priority = 1)]
[PrinterColumn(6, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Description("To whom costs belong: rules that give each workload to a team, a department, a product, and what all of them bear together. Divides costs of the clusters of its own namespace; in the system namespace those of the whole fleet. Fleet's own.")]
public sealed record CostCategorySpec
{
    [Required, MinLength(1), MaxLength(200), Atomic, Description("The first rule that a workload fits says to whom it belongs.")]
    public List<CostCategoryRule> Rules { get; set; } = [];

    [StringLength(253, MinimumLength = 1), RegularExpression("^([^_]|_[^_]|_$).*"), Description("To whom belongs what fits no rule. Absent means nobody: it is shown as __unallocated__.")]
    public string? DefaultValue { get; set; }

    [MaxLength(20), ListMap("name"), Description("What all bear together. What is not named here: idle belongs to the workloads of the cluster by what they take of each resource, overhead to those of the cluster by what they cost.")]
    public List<SharedCost>? Shared { get; set; }
}

[ExactlyOneOf("value", "valueFrom")]
[Rule("has(self.valueFrom) || has(self.filter) || has(self.clusters) || has(self.namespaces) || has(self.labels) || has(self.annotations)", "a rule with a value needs filter, clusters, namespaces, labels or annotations; defaultValue is for the rest")]
public sealed record CostCategoryRule
{
    [StringLength(253, MinimumLength = 1), RegularExpression("^([^_]|_[^_]|_$).*"), Description("To whom belongs what fits: the name of a team, department, product.")]
    public string? Value { get; set; }

    [Description("The value is what a label or an annotation says. What does not have it, or has nothing in it, does not fit.")]
    public CostCategoryValueSource? ValueFrom { get; set; }

    [StringLength(4096), Description("What fits, in OpenCost's filter language version 2: namespace:\"shop\" + label[app]:\"api\". This and all below must hold.")]
    public string? Filter { get; set; }

    [MinLength(1), MaxLength(200), Atomic, Description("Clusters, as NAMESPACE/NAME.")]
    public List<string>? Clusters { get; set; }

    [MinLength(1), MaxLength(200), Atomic, Description("Namespaces in the clusters.")]
    public List<string>? Namespaces { get; set; }

    [Description("Labels of pods, or of their namespaces, that must have these values.")]
    public Dictionary<string, string>? Labels { get; set; }

    [Description("Annotations of pods, or of their namespaces, that must have these values.")]
    public Dictionary<string, string>? Annotations { get; set; }
}

[ExactlyOneOf("label", "annotation")]
public sealed record CostCategoryValueSource
{
    [StringLength(317, MinimumLength = 1), Description("Key of a label of pods or of their namespaces.")]
    public string? Label { get; set; }

    [StringLength(317, MinimumLength = 1), Description("Key of an annotation of pods or of their namespaces.")]
    public string? Annotation { get; set; }
}

[ExactlyOneOf("filter", "of", "monthly")]
public sealed record SharedCost
{
    [Required, RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"), StringLength(63), Description("Name, as reports show it.")]
    public string Name { get; set; } = "";

    [StringLength(4096, MinimumLength = 1), Description("Workloads that all bear together, with their part of idle, in OpenCost's filter language version 2. Looked at before the rules.")]
    public string? Filter { get; set; }

    [AllowedValues("Idle", "Overhead"), Description("Idle: what nobody uses of the machines. Overhead: fees for clusters, the machines' own disks, machines without workloads.")]
    public string? Of { get; set; }

    [Description("A sum that no cluster has: licences, people. Charged by the day, so that a running month bears the days that have begun.")]
    public MonthlyCost? Monthly { get; set; }

    [Required, AllowedValues("Proportional", "Even", "Fixed"), Description("Proportional: by what each costs by itself. Even: the same for each. Fixed: by percentages.")]
    public string Method { get; set; } = "";

    [AllowedValues("Cluster", "Fleet"), Description("Among whom. Cluster: among those on the cluster that has the cost. Fleet: among all. Absent means Cluster, and Fleet for a monthly sum.")]
    public string? Among { get; set; }

    [MinLength(1), MaxLength(200), ListMap("value"), Description("Who bears which part, for Fixed: together at most 100 percent. What is left stays visible as __shared__.")]
    public List<SharedCostShare>? Shares { get; set; }
}

public sealed record MonthlyCost
{
    [Required, Range(0, 1000000000000), Description("For a month of the calendar.")]
    public decimal Amount { get; set; }

    [Required, RegularExpression("^[A-Z]{3}$"), Description("Currency of the amount, as in ISO 4217. It is part of reports in this currency only.")]
    public string Currency { get; set; } = "";
}

public sealed record SharedCostShare
{
    [Required, StringLength(253, MinimumLength = 1), Description("Who: a value of the rules.")]
    public string Value { get; set; } = "";

    [Required, Range(0, 100), Description("Percent of the cost.")]
    public decimal Percent { get; set; }
}
