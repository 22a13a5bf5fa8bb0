using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Budgets;

[Kind("Budget", "budgets", Status = typeof(BudgetStatus))]
[PrinterColumn(0, "Spent", "number", ".status.spent", Description = "What was spent in the period so far")]
[PrinterColumn(1, "Amount", "number", ".spec.amount", Description = "What may be spent in a period")]
[PrinterColumn(2, "Currency", "string", ".spec.currency", Description = "Currency of all its amounts")]
[PrinterColumn(3, "Forecast", "number", ".status.forecast.amount", Description = "What will be spent at the end of the period")]
[PrinterColumn(4, "State", "string", ".status.state", Description = "OnTrack, AtRisk, Exceeded or Unknown")]
[PrinterColumn(5, "Period", "string", ".spec.period", Description = "How long a period is", Priority = 1)]
[PrinterColumn(6, "Filter", "string", ".spec.filter", Description = "Which costs count", Priority = 1)]
[PrinterColumn(7, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Description("What may be spent in a period. Counts costs of the clusters of its own namespace; in the system namespace those of the whole fleet. Fleet tells, and stops nothing.")]
public sealed record BudgetSpec
{
    [StringLength(4096), Description("Which costs count, in OpenCost's filter language version 2: namespace:\"shop\" + label[app]:\"api\". Absent or empty means all.")]
    public string? Filter { get; set; }

    [Required, AllowedValues("Weekly", "Monthly", "Quarterly", "Yearly"), Description("How long a period is, by the calendar in UTC; weeks begin on Sunday.")]
    public string Period { get; set; } = "";

    [RegularExpression("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), Description("First day that counts, as 2026-01-31; absent means that it always has.")]
    public string? Start { get; set; }

    [RegularExpression("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), Description("Last day that counts, as 2026-12-31; absent means for ever.")]
    public string? End { get; set; }

    [Required, Range(0, 1000000000000), Description("What may be spent in a period.")]
    public decimal Amount { get; set; }

    [Required, RegularExpression("^[A-Z]{3}$"), Description("Currency of the amount, as in ISO 4217. Costs in another one are named and not compared.")]
    public string Currency { get; set; } = "";

    [AllowedValues("Included", "Excluded"), Description("Whether what nobody uses of the machines counts, in proportion to what the workloads that count cost; absent means Included.")]
    public string? Idle { get; set; }

    [MaxLength(20), Atomic, Description("Of what is told. Absent means 80 and 100 percent of what is spent and 100 percent of the forecast.")]
    public List<BudgetThreshold>? Thresholds { get; set; }
}

public sealed record BudgetThreshold
{
    [Required, AllowedValues("Actual", "Forecast"), Description("Of what: what is spent, or what will be at the end of the period.")]
    public string Kind { get; set; } = "";

    [Required, Range(1, 1000), Description("Percent of the amount.")]
    public decimal Percent { get; set; }
}
