using System.Globalization;

namespace Fleet.Bench.Cost;

/// <summary>How large the fleet is whose costs are asked for: <c>--clusters</c>, <c>--workloads</c> of each and <c>--days</c>.</summary>
internal sealed record CostSize(int Clusters, int Workloads, int Days)
{
    public long Hours => (long)Clusters * Workloads * Days * 24;

    public static CostSize Of(IReadOnlyList<string> arguments) => new(Number(arguments, "--clusters", 1_000), Number(arguments, "--workloads", 50), Number(arguments, "--days", 35));

    private static int Number(IReadOnlyList<string> arguments, string name, int otherwise)
    {
        for (var i = 0; i + 1 < arguments.Count; i++)
            if (arguments[i] == name)
                return int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new ArgumentException($"{name} takes a number from 1");
        return otherwise;
    }
}
