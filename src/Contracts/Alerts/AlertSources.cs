using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Alerts;

[AtMostOneOf("above", "below")]
public sealed record PromqlSource
{
    [Required, StringLength(8192, MinimumLength = 1), Description("The expression. It sees only series of the clusters that the object's namespace reaches; each series of its result is an alert.")]
    public string Expr { get; set; } = "";

    [Description("Only series whose value is above this; with it an override can have another threshold.")]
    public decimal? Above { get; set; }

    [Description("Only series whose value is below this.")]
    public decimal? Below { get; set; }
}

public sealed record ClusterSource
{
    [StringLength(316), Description("Condition of the ClusterDeployment that must be True; absent means Ready.")]
    public string? Condition { get; set; }
}

public sealed record ServiceSource
{
    [MaxLength(2), Atomic, Description("Failed: a service could not be installed or is not healthy. Drifted: it was changed in the cluster. Absent means both.")]
    public List<string>? States { get; set; }

    [MaxLength(100), Atomic, Description("Names of services; absent means all. * stands for any text.")]
    public List<string>? Services { get; set; }
}

public sealed record FreshnessSource
{
    [Required, RegularExpression(AlertPatterns.Duration), Description("How old the newest figures of a cluster may be.")]
    public string OlderThan { get; set; } = "";
}

public sealed record CertificateSource
{
    [Required, RegularExpression(AlertPatterns.Duration), Description("How long before the end: 720h are 30 days.")]
    public string ExpiresWithin { get; set; } = "";
}

public sealed record BackupSource
{
    [Required, RegularExpression(AlertPatterns.Duration), Description("How old the newest backup may be.")]
    public string OlderThan { get; set; } = "";
}

[ExactlyOneOf("above", "changeAbovePercent")]
public sealed record CostSource
{
    [StringLength(2048), Description("Which costs, in the filter language of /allocation; absent means all.")]
    public string? Filter { get; set; }

    [Required, RegularExpression(AlertPatterns.Duration), Description("Costs of how long, up to now, in full hours: 24h, 168h.")]
    public string Window { get; set; } = "";

    [Range(0, int.MaxValue), Description("Amount that must not be exceeded.")]
    public decimal? Above { get; set; }

    [Range(0, 100000), Description("Percent more than in the window before.")]
    public decimal? ChangeAbovePercent { get; set; }

    [RegularExpression("^[A-Z]{3}$"), Description("Only costs in this currency; needed where there are several.")]
    public string? Currency { get; set; }

    [Description("True: each cluster by itself. Absent means the sum.")]
    public bool? ByCluster { get; set; }
}

public sealed record BudgetSource
{
    [MaxLength(100), Atomic, Description("Names of budgets; absent means all that the namespace reaches. * stands for any text.")]
    public List<string>? Budgets { get; set; }

    [AllowedValues("Actual", "Forecast"), Description("Only thresholds on what was spent, or on what is foreseen; absent means both.")]
    public string? Kind { get; set; }

    [Range(0, 1000), Description("Only thresholds of at least this many percent; absent means all.")]
    public decimal? AtLeastPercent { get; set; }
}

public sealed record AnomalySource
{
    [Range(0, int.MaxValue), Description("Only anomalies that cost at least so much more than expected; absent means all.")]
    public decimal? MinimumImpact { get; set; }
}
