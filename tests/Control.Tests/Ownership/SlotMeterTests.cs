using Fleet.Control.Grains;
using Fleet.Control.Ownership;
using Fleet.Testing.Time;

namespace Fleet.Control.Tests.Ownership;

/// <summary>What slots are said to cost, and what comes of it: meters and planners of three replicas in time that is made.</summary>
public sealed class SlotMeterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider clock = new();

    [Fact]
    public void What_is_new_here_has_no_cost_until_a_whole_sample_of_it_is_there()
    {
        var meter = new SlotMeter(clock);
        Assert.Empty(Run(meter, Holding(1, 2), 30, 1));
        // Both were held for a whole sample.
        Assert.Equal([1, 2], Run(meter, Holding(1, 2), 30, 1).Keys.Order());
        // What has just come has been looked at anew: that is the price of coming, not of being there.
        Assert.Equal([1, 2], Run(meter, Holding(1, 2, 3), 30, 50).Keys.Order());
        var costs = Run(meter, Holding(1, 2, 3), 30, 4);
        Assert.Equal(4, costs[3], 0.5);
    }

    [Fact]
    public void A_slot_that_went_and_came_back_is_measured_anew()
    {
        var meter = new SlotMeter(clock);
        Run(meter, Holding(1), 90, 1);
        Run(meter, Holding(), 30, 0);
        Assert.Empty(Run(meter, Holding(1), 30, 80));
        Assert.Equal(2, Run(meter, Holding(1), 30, 2)[1], 0.2);
    }

    [Fact]
    public void A_busy_moment_moves_the_cost_of_a_slot_by_little()
    {
        var meter = new SlotMeter(clock);
        Run(meter, Holding(1), 60 * 30, 1);
        Assert.InRange(Run(meter, Holding(1), 30, 10)[1], 1.2, 1.6);
    }

    [Fact]
    public void Whoever_is_killed_and_comes_back_gets_its_part_again_however_often()
    {
        var world = new World(clock, 60);
        foreach (var name in World.Names)
            world.Start(name);
        world.Run(60);
        for (var kill = 0; kill < 60; kill++)
        {
            var victim = World.Names[kill % World.Names.Length];
            world.Kill(victim);
            world.Run(3);
            world.Start(victim);
            world.Run(6);
            Assert.All(World.Names, name => Assert.True(world.Clusters(name) >= 10, $"{name} has {world.Clusters(name)} of 60 after kill {kill}: {string.Join(' ', World.Names.Select(n => $"{n}={world.Clusters(n)}"))}"));
        }
        // Slots without clusters weigh something as well.
        world.Run(60 * 30);
        Assert.All(World.Names, name => Assert.InRange(world.Clusters(name), 14, 26));
    }

    private IReadOnlyDictionary<int, double> Run(SlotMeter meter, Holding held, int seconds, double milliseconds)
    {
        var costs = ReplicaFacts.NoCosts;
        for (var second = 0; second < seconds; second++)
        {
            clock.Advance(Second);
            for (var slot = 0; slot < Slots.Count; slot++)
                if (held.Epoch(slot) > 0)
                    meter.Count(slot, TimeSpan.FromMilliseconds(milliseconds));
            costs = meter.Costs(held);
        }
        return costs;
    }

    private long epoch;

    /// <summary>Slots that came later have greater epochs; those that stay keep theirs.</summary>
    private readonly Dictionary<int, long> epochs = [];

    private Holding Holding(params int[] slots)
    {
        foreach (var gone in epochs.Keys.Except(slots).ToList())
            epochs.Remove(gone);
        foreach (var slot in slots)
            epochs.TryAdd(slot, ++epoch);
        var table = Enumerable.Range(0, Slots.Count).Select(slot => epochs.TryGetValue(slot, out var its) ? new SlotOwner("a", its) : SlotOwner.None);
        return Fleet.Control.Ownership.Holding.Nothing.Following(new(epoch, [.. table]), "a", new Dictionary<int, long>());
    }

    /// <summary>Clusters of the same cost: 5 ms a second each, forty when they are new somewhere, ten times as much in the first seconds of a process.</summary>
    private sealed class World(ManualTimeProvider clock, int clusters)
    {
        public static readonly string[] Names = ["a", "b", "c"];

        private readonly int[] slots = [.. Enumerable.Range(0, clusters).Select(i => Slots.Of(GrainId.OfCluster(new("shop", $"cluster-{i}"))))];
        private readonly Dictionary<string, Process> processes = [];
        private Assignment table = Assignment.Empty;
        private int started;

        public void Start(string name) => processes[name] = new($"{name}-{++started}", new(clock), 0);

        public void Kill(string name) => processes.Remove(name);

        public int Clusters(string name) => slots.Count(slot => table.Owner(slot).Replica == processes[name].Name);

        public void Run(int seconds)
        {
            for (var second = 0; second < seconds; second++)
            {
                clock.Advance(Second);
                // A hand-over takes less than a second.
                for (var round = 0; round < 4; round++)
                    table = AssignmentPlanner.Plan(table, [.. processes.Values.Select(p => p.Facts(table))], clock.GetUtcNow().ToUnixTimeMilliseconds());
                foreach (var name in processes.Keys.ToList())
                    processes[name] = processes[name].Work(table, slots);
            }
        }
    }

    private sealed record Process(string Name, SlotMeter Meter, int Age)
    {
        private Holding Held { get; init; } = Fleet.Control.Ownership.Holding.Nothing;

        public ReplicaFacts Facts(Assignment table) => new(Name, table.Generation, Meter.Costs(Held));

        public Process Work(Assignment table, int[] slots)
        {
            var now = Held.Following(table, Name, new Dictionary<int, long>());
            foreach (var slot in slots.Where(slot => now.Epoch(slot) > 0))
                Meter.Count(slot, TimeSpan.FromMilliseconds((now.Epoch(slot) == Held.Epoch(slot) ? 5 : 40) * (Age < 10 ? 10 : 1)));
            return this with { Age = Age + 1, Held = now };
        }
    }
}
