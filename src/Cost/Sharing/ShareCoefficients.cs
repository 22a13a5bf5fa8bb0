using Fleet.Cost.Allocations;
using Fleet.Cost.Filters;

namespace Fleet.Cost.Sharing;

/// <summary>
/// Which part of shared costs goes to which row. The parts of what a filter takes away are counted and then belong to nobody that is shown, so that a row's figure does not
/// depend on the filter. Idle and volumes without a pod bear nothing. Pure.
/// </summary>
internal sealed class ShareCoefficients
{
    private readonly Dictionary<string, double> shares = [];

    /// <summary>Nobody can bear anything.</summary>
    public bool IsEmpty { get; private init; }

    /// <summary>The part of shared costs that is given to what is shown; 1 without a filter.</summary>
    public double ShownShare => shares.Values.Sum();

    public static ShareCoefficients Of(IReadOnlyList<Allocation> workloads, Func<Allocation, string> keyOf, AllocationFilter filter, ShareSplit split)
    {
        var all = new Dictionary<string, double>();
        var shown = new Dictionary<string, double>();
        foreach (var workload in workloads.Where(workload => workload.Kind == AllocationKind.Workload))
        {
            var key = keyOf(workload);
            var weight = Math.Max(0, workload.TotalCost - workload.SharedCost);
            all[key] = all.GetValueOrDefault(key) + weight;
            if (filter.Matches(workload))
                shown[key] = shown.GetValueOrDefault(key) + weight;
        }
        var total = all.Values.Sum();
        var coefficients = new ShareCoefficients { IsEmpty = split == ShareSplit.Even ? all.Count == 0 : total <= 0 };
        if (coefficients.IsEmpty)
            return coefficients;
        foreach (var (key, weight) in shown)
            // A row of which the filter takes a part away bears the same part less.
            coefficients.shares[key] = split == ShareSplit.Even ? (all[key] > 0 ? weight / all[key] : 1) / all.Count : weight / total;
        return coefficients;
    }

    public double ShareOf(string key) => shares.GetValueOrDefault(key);
}
