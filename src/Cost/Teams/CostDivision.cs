using Fleet.Cost.Allocations;
using Fleet.Cost.Days;

namespace Fleet.Cost.Teams;

/// <summary>
/// Divides what clusters cost among owners, so that their parts add up to all that is paid for and to the sums that no cluster has: nothing is lost, nothing counts twice.
/// What a cluster has is borne there unless a pool says otherwise. Pools are divided by what owners cost by themselves, so their order does not matter. Pure.
/// </summary>
public static class CostDivision
{
    /// <summary>What is left of rounding.</summary>
    private const double Nothing = 1e-9;

    /// <param name="costs">What there is.</param>
    /// <param name="pools">What is shared. Overhead and idle that none of them takes: overhead by cost among those on the cluster, idle where it is.</param>
    public static IReadOnlyList<OwnerShare> Of(OwnerCosts costs, IReadOnlyList<SharedPool> pools)
    {
        var workloads = pools.Where(pool => pool.Source == SharedPoolSource.Workloads).ToDictionary(pool => CategoryRules.SharedPrefix + pool.Name);
        var idle = pools.FirstOrDefault(pool => pool.Source == SharedPoolSource.Idle);
        var overhead = pools.FirstOrDefault(pool => pool.Source == SharedPoolSource.Overhead) ?? new(SharedPool.Overhead, SharedPoolSource.Overhead, SharedPoolMethod.Proportional);
        var owners = costs.Owners.GroupBy(cost => (cost.Cluster, cost.Name), (key, rows) => DayCost.Sum(rows) with { Cluster = key.Cluster, Name = key.Name }).ToList();
        var division = new Division(owners.Where(owner => !owner.Name.StartsWith(CategoryRules.SharedPrefix, StringComparison.Ordinal)), idleStays: idle is null, overhead.Name);

        // Rows of a pool that is no longer there wait for their days to be added up anew; until then nobody bears them.
        foreach (var shared in owners.Where(owner => owner.Name.StartsWith(CategoryRules.SharedPrefix, StringComparison.Ordinal)))
            division.Divide(
                shared.Cluster, shared.Direct + shared.Overhead + (idle is null ? shared.Idle : 0),
                workloads.GetValueOrDefault(shared.Name) ?? new(shared.Name[CategoryRules.SharedPrefix.Length..], SharedPoolSource.Workloads, SharedPoolMethod.Fixed));
        foreach (var (cluster, own, paid) in ByCluster(owners, costs.Paid))
        {
            // Idle that no workload could take: machines of a kind that nothing on the cluster asks for.
            var nobodys = idle is null ? 0 : Math.Max(0, paid.Idle - own.Idle);
            if (idle is not null)
                division.Divide(cluster, own.Idle + nobodys, idle);
            division.Divide(cluster, Math.Max(0, paid.Total - own.Total - nobodys), overhead);
        }
        foreach (var sum in pools.Where(pool => pool.Source == SharedPoolSource.Amount))
            division.Divide("", sum.Amount, sum with { AmongFleet = true });
        return division.Shares;
    }

    private static IEnumerable<(string Cluster, DayCost Own, DayCost Paid)> ByCluster(IReadOnlyList<DayCost> owners, IReadOnlyList<DayCost> paid)
    {
        var own = owners.ToLookup(owner => owner.Cluster);
        var all = paid.ToLookup(cost => cost.Cluster);
        return own.Select(group => group.Key).Union(all.Select(group => group.Key)).Select(cluster => (cluster, DayCost.Sum(own[cluster]), DayCost.Sum(all[cluster])));
    }

    private sealed class Division
    {
        private readonly Dictionary<(string Cluster, string Owner), Cell> cells = [];
        private readonly List<Cell> bearers;
        private readonly ILookup<string, Cell> onCluster;

        public Division(IEnumerable<DayCost> owners, bool idleStays, string overhead)
        {
            foreach (var owner in owners)
            {
                var cell = At(owner.Cluster, owner.Name);
                (cell.Direct, cell.Idle) = (owner.Direct, idleStays ? owner.Idle : 0);
                cell.Add(overhead, owner.Overhead);
            }
            bearers = [.. cells.Values];
            onCluster = bearers.ToLookup(cell => cell.Cluster);
        }

        public IReadOnlyList<OwnerShare> Shares => [.. cells.Values.Select(cell => new OwnerShare(cell.Cluster, cell.Owner, cell.Direct, cell.Idle, cell.Shared))];

        public void Divide(string cluster, double amount, SharedPool pool)
        {
            if (amount < Nothing)
                return;
            IReadOnlyList<Cell> among = pool.AmongFleet ? bearers : [.. onCluster[cluster]];
            var left = pool.Method switch
            {
                SharedPoolMethod.Fixed => Fixed(cluster, amount, pool, among),
                SharedPoolMethod.Even => Evenly(amount, pool.Name, among),
                _ => ByCost(amount, pool.Name, among),
            };
            // Nobody to share with: it stays visible, so that no money goes missing.
            if (left > Nothing)
                At(cluster, AllocationKeys.Shared).Add(pool.Name, left);
        }

        private double Fixed(string cluster, double amount, SharedPool pool, IReadOnlyList<Cell> among)
        {
            var left = amount;
            foreach (var (value, percent) in pool.Percents)
            {
                var part = amount * percent / 100;
                left -= part;
                Whole(part, pool.Name, [.. among.Where(cell => cell.Owner == value)], () => At(cluster, value));
            }
            return left;
        }

        private static double Evenly(double amount, string pool, IReadOnlyList<Cell> among)
        {
            var owners = among.GroupBy(cell => cell.Owner).ToList();
            foreach (var owner in owners)
                Whole(amount / owners.Count, pool, [.. owner], () => owner.First());
            return owners.Count > 0 ? 0 : amount;
        }

        private static double ByCost(double amount, string pool, IReadOnlyList<Cell> among)
        {
            var total = among.Sum(cell => cell.Weight);
            if (total <= 0)
                return amount;
            foreach (var cell in among)
                cell.Add(pool, amount * cell.Weight / total);
            return 0;
        }

        /// <summary>To one owner, who may be on several clusters, or have no costs of its own.</summary>
        private static void Whole(double amount, string pool, IReadOnlyList<Cell> own, Func<Cell> otherwise)
        {
            if (ByCost(amount, pool, own) > 0)
                (own.Count > 0 ? own[0] : otherwise()).Add(pool, amount);
        }

        private Cell At(string cluster, string owner) => cells.TryGetValue((cluster, owner), out var cell) ? cell : cells[(cluster, owner)] = new(cluster, owner);
    }

    private sealed class Cell(string cluster, string owner)
    {
        public string Cluster => cluster;

        public string Owner => owner;

        public double Direct { get; set; }

        public double Idle { get; set; }

        public double Weight => Math.Max(0, Direct);

        public Dictionary<string, double> Shared { get; } = [];

        public void Add(string pool, double amount)
        {
            if (amount != 0)
                Shared[pool] = Shared.GetValueOrDefault(pool) + amount;
        }
    }
}
