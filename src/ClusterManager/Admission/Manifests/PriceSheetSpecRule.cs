using Fleet.Contracts;
using Fleet.Contracts.Prices;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What the schema of a price sheet can not say: a price that fits nothing, periods that begin together, a machine that is worth more after its life.</summary>
internal sealed class PriceSheetSpecRule() : TypedRule<PriceSheetSpec>(ContractsJson.Default.PriceSheetSpec)
{
    protected override IEnumerable<FieldProblem> Check(PriceSheetSpec spec)
    {
        foreach (var problem in SelectorSyntax.Check(spec.ClusterSelector, "spec.clusterSelector"))
            yield return problem;
        var begins = new Dictionary<DateTimeOffset, int>();
        for (var index = 0; index < spec.Periods.Count; index++)
        {
            var path = $"spec.periods[{index}]";
            // The schema compares what is written, and 00:00Z and 01:00+01:00 are written differently.
            if (!begins.TryAdd(spec.Periods[index].ValidFrom, index))
                yield return new($"{path}.validFrom", $"is when periods[{begins[spec.Periods[index].ValidFrom]}] begins already");
            var nodes = spec.Periods[index].Nodes ?? [];
            for (var row = 0; row < nodes.Count; row++)
                foreach (var problem in OfNode(nodes[row], $"{path}.nodes[{row}]"))
                    yield return problem;
        }
    }

    private static IEnumerable<FieldProblem> OfNode(NodePrice price, string path)
    {
        if (price is { Hour: null, OnPremises: null, CpuCoreHour: null, RamGibHour: null, GpuHour: null })
            yield return new(path, "must have a price: hour, onPremises, cpuCoreHour, ramGibHour or gpuHour");
        foreach (var (name, values) in ((string, List<string>?)[])[("nodePools", price.NodePools), ("instanceTypes", price.InstanceTypes), ("regions", price.Regions)])
            if (values is { Count: 0 })
                yield return new($"{path}.{name}", "fits no machine when it is empty; leave it out for all");
        if (price.OnPremises is { } own && own.ResidualValue > own.PurchasePrice)
            yield return new($"{path}.onPremises.residualValue", "must not be more than purchasePrice");
        if (price.OnPremises is { Watts: > 0, EnergyKwh: null })
            yield return new($"{path}.onPremises.energyKwh", "is needed to price watts");
    }
}
