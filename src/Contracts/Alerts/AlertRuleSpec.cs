using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Alerts;

[Kind("AlertRule", "alertrules", Status = typeof(AlertRuleStatus))]
[PrinterColumn(0, "Evaluated", "string", ".status.conditions[?(@.type==\"Evaluated\")].status", Description = "Whether every rule could be evaluated")]
[PrinterColumn(1, "Firing", "integer", ".status.firing", Description = "Alerts that fire")]
[PrinterColumn(2, "Pending", "integer", ".status.pending", Description = "Alerts whose time has not come yet")]
[PrinterColumn(3, "Message", "string", ".status.conditions[?(@.type==\"Evaluated\")].message", Description = "What is wrong", Priority = 1)]
[PrinterColumn(4, "Age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[Description("Rules that alert on the clusters of its own namespace; those in the system namespace alert on all clusters.")]
public sealed record AlertRuleSpec
{
    [Description("Labels of the ClusterDeployments that it is for; absent means all that its namespace reaches.")]
    public LabelSelector? ClusterSelector { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("How often its rules are evaluated, at least 10s; absent means 1m.")]
    public string? Interval { get; set; }

    [Required, MinLength(1), MaxLength(100), ListMap("alert"), Description("The rules.")]
    public List<AlertRuleEntry> Rules { get; set; } = [];

    [MaxLength(100), Atomic, Description("What is otherwise in some clusters. Of those that fit a cluster and a rule, the first counts.")]
    public List<AlertOverride>? Overrides { get; set; }
}

/// <summary>A condition whose instances become alerts.</summary>
[ExactlyOneOf(
    "promql", "cluster", "service", "freshness", "certificate", "backup", "cost", "budget", "anomaly",
    None = "one of promql, cluster, service, freshness, certificate, backup, cost, budget and anomaly must say what it looks at",
    Several = "only one of promql, cluster, service, freshness, certificate, backup, cost, budget and anomaly may be set")]
public sealed record AlertRuleEntry
{
    [Required, StringLength(100, MinimumLength = 1), RegularExpression(AlertPatterns.Name), Description("Name of the alert, its label alertname.")]
    public string Alert { get; set; } = "";

    [Description("An expression of PromQL that is asked of the metrics store.")]
    public PromqlSource? Promql { get; set; }

    [Description("Clusters whose condition is not True.")]
    public ClusterSource? Cluster { get; set; }

    [Description("Services of clusters that have failed or drifted.")]
    public ServiceSource? Service { get; set; }

    [Description("Clusters of which nothing new is known.")]
    public FreshnessSource? Freshness { get; set; }

    [Description("Certificates of clusters that expire soon.")]
    public CertificateSource? Certificate { get; set; }

    [Description("Clusters without a recent backup. No kind of Fleet makes backups yet: until then it is told in status and never fires.")]
    public BackupSource? Backup { get; set; }

    [Description("What clusters cost.")]
    public CostSource? Cost { get; set; }

    [Description("Budgets whose threshold was crossed.")]
    public BudgetSource? Budget { get; set; }

    [Description("Open anomalies of costs.")]
    public AnomalySource? Anomaly { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("How long the condition must hold before the alert fires; absent means it fires at once.")]
    public string? For { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("How long the alert goes on firing after its condition has gone; absent means not at all.")]
    public string? KeepFiringFor { get; set; }

    [AllowedValues("critical", "warning", "info"), Description("Label severity of its alerts; absent means warning.")]
    public string? Severity { get; set; }

    [Description("More labels of its alerts; values may be templates.")]
    public Dictionary<string, string>? Labels { get; set; }

    [Description("Texts for people, such as summary and description; values may be templates.")]
    public Dictionary<string, string>? Annotations { get; set; }
}

/// <summary>Another threshold or severity for some clusters, or none at all.</summary>
public sealed record AlertOverride
{
    [Required, Description("Labels of the ClusterDeployments that it is for.")]
    public LabelSelector ClusterSelector { get; set; } = new();

    [MaxLength(100), Atomic, Description("Alerts of this object that it is for; absent means all.")]
    public List<string>? Alerts { get; set; }

    [Description("True: these clusters do not alert.")]
    public bool? Disabled { get; set; }

    [Description("In place of the rule's above.")]
    public decimal? Above { get; set; }

    [Description("In place of the rule's below.")]
    public decimal? Below { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("In place of the rule's olderThan or expiresWithin.")]
    public string? Duration { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("In place of the rule's for.")]
    public string? For { get; set; }

    [AllowedValues("critical", "warning", "info"), Description("In place of the rule's severity.")]
    public string? Severity { get; set; }
}
