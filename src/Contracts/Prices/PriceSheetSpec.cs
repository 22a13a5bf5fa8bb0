using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Prices;

[Kind("PriceSheet", "pricesheets", Namespaced = false)]
[PrinterColumn(0, "Currency", "string", ".spec.currency", Description = "Currency of all its prices")]
[PrinterColumn(1, "Precedence", "integer", ".spec.precedence", Description = "Which of two sheets that fit equally wins", Priority = 1)]
[PrinterColumn(2, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Description("What machines, disks, load balancers and traffic of clusters cost, and since when.")]
public sealed record PriceSheetSpec
{
    [Required, RegularExpression("^[A-Z]{3}$"), Description("Currency of all prices of the sheet, as in ISO 4217: EUR, USD.")]
    public string Currency { get; set; } = "";

    [Description("Labels of the ClusterDeployments that it is for; absent means every cluster. A sheet for some clusters wins over one for all.")]
    public LabelSelector? ClusterSelector { get; set; }

    [Range(-1000, 1000), Description("Of two prices that fit equally, that of the sheet with the higher number is taken; absent means 0.")]
    public int? Precedence { get; set; }

    [Required, MinLength(1), MaxLength(100), ListMap("validFrom"), Description("Prices, each list from its moment until the next one's.")]
    public List<PricePeriod> Periods { get; set; } = [];
}
