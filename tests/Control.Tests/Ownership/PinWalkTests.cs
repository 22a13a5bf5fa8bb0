using Fleet.Control.Grains;
using Fleet.Control.Ownership;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Tests.Ownership;

/// <summary>Random lives of replicas, slots and pins with what replicas really hold, each behind the table by chance and with work that takes as long as it likes.</summary>
public sealed class PinWalkTests
{
    private const long Time = 1_800_000_000_000;
    private static readonly ObjectKey[] Clusters = [.. Enumerable.Range(0, 40).Select(i => new ObjectKey($"team-{i % 4}", $"cluster-{i}"))];

    [Fact]
    public void A_grain_is_never_held_twice_and_each_owner_has_a_greater_epoch_and_all_comes_to_where_it_belongs()
    {
        for (var seed = 1; seed <= 8; seed++)
            new Walk(seed).Go();
    }

    private sealed class Walk(int seed)
    {
        private readonly Random chance = new(seed);
        private readonly List<Member> members = [];
        private readonly Dictionary<GrainId, (string Owner, long Epoch)> last = [];
        private Dictionary<ObjectKey, string>? wanted = [];
        private Assignment table = Assignment.Empty;
        private int step;

        public void Go()
        {
            members.Add(new("r0", ""));
            for (step = 1; step <= 200; step++)
            {
                Happen();
                Check();
            }
            Settle();
            foreach (var grain in Clusters.SelectMany(GrainId.AllOf))
            {
                var owner = Assert.Single(members, member => member.Directory.Owns(grain));
                var pool = wanted!.GetValueOrDefault(grain.Key, "");
                if (members.Any(member => member.Pool == pool))
                    Assert.True(owner.Pool == pool, $"seed {seed}: {grain} is to be in \"{pool}\" and is in \"{owner.Pool}\"");
            }
        }

        private void Happen()
        {
            switch (chance.Next(12))
            {
                case 0 when members.Count < 7: members.Add(new($"r{step}", new[] { "", "", "red", "blue" }[chance.Next(4)])); break;
                // It was frozen before it was found dead: what it holds it does not know to be lost, but its Lease is over by its own clock.
                case 1 when members.Count > 1: members.RemoveAt(chance.Next(members.Count)); break;
                case 2 or 3: Wish(); break;
                case 4 or 5: Plan(); break;
                case 6: One().Drain.End(); break;
                default: One().Follow(table); break;
            }
        }

        private Member One() => members[chance.Next(members.Count)];

        private void Wish()
        {
            wanted = chance.Next(5) == 0 ? null : new(wanted ?? []);
            for (var i = chance.Next(8); wanted is not null && i > 0; i--)
                if (chance.Next(3) == 0)
                    wanted.Remove(Clusters[chance.Next(Clusters.Length)]);
                else
                    wanted[Clusters[chance.Next(Clusters.Length)]] = new[] { "red", "blue", "nobody" }[chance.Next(3)];
        }

        // Nobody's clock stands in for the growth of epochs: it goes back now and then.
        private void Plan() => table = Read(AssignmentPlanner.Plan(table, [.. members.Select(m => m.Facts)], Time + chance.Next(-3, 3), wanted));

        /// <summary>As it comes back from where it is stored.</summary>
        private static Assignment Read(Assignment planned) => AssignmentText.Read(planned.Generation, AssignmentText.Write(planned)) is var read && read.IsSameAs(planned)
            ? read : throw new InvalidOperationException("what was written is not what was read");

        private void Check()
        {
            foreach (var grain in Clusters.SelectMany(GrainId.AllOf))
            {
                var holders = members.Where(member => member.Directory.Holding.EpochOf(grain) > 0).ToList();
                Assert.True(holders.Count <= 1, $"seed {seed}, step {step}: {grain} is held by {string.Join(" and ", holders.Select(h => h.Name))}");
                if (holders is not [var holder] || !holder.Directory.Owns(grain))
                    continue;
                var epoch = holder.Directory.Holding.EpochOf(grain);
                if (last.TryGetValue(grain, out var before) && before.Owner != holder.Name)
                    Assert.True(epoch > before.Epoch, $"seed {seed}, step {step}: {grain} of {before.Owner} went to {holder.Name} under {epoch} after {before.Epoch}");
                last[grain] = (holder.Name, Math.Max(epoch, before.Epoch));
            }
        }

        private void Settle()
        {
            wanted ??= [];
            for (var round = 0; round < 12; round++)
            {
                Plan();
                foreach (var member in members)
                {
                    member.Follow(table);
                    member.Drain.End();
                    member.Follow(table);
                }
                Check();
            }
            Assert.True(table.Slots.All(slot => slot.Next is null) && table.Pins.Clusters.Values.All(pin => pin.Next is null), $"seed {seed}: something still moves");
        }
    }

    private sealed class Member
    {
        private readonly HeldSlots held;

        public Member(string name, string pool)
        {
            (Name, Pool) = (name, pool);
            var options = new OwnershipOptions { Service = "s", Replica = name, Namespace = "n" };
            Directory = new(null!, options, new(TimeProvider.System), TimeProvider.System);
            Directory.Renewed(TimeProvider.System.GetTimestamp(), TimeSpan.FromHours(1));
            held = new(Directory, [Drain], options, () => { });
        }

        public string Name { get; }

        public string Pool { get; }

        public LeasedGrainDirectory Directory { get; }

        public SlowDrain Drain { get; } = new();

        public ReplicaFacts Facts => new(Name, held.Applied, ReplicaFacts.NoCosts) { Pool = Pool };

        public void Follow(Assignment table) => held.Follow(table, Name);
    }

    /// <summary>Work that ends when the test says so.</summary>
    private sealed class SlowDrain : IGrainDrain
    {
        private readonly List<TaskCompletionSource> running = [];

        public Task LetGoAsync(Func<GrainId, bool> which, TimeSpan grace)
        {
            running.Add(new());
            return running[^1].Task;
        }

        public void End()
        {
            foreach (var one in running.ToList())
                one.SetResult();
            running.Clear();
        }
    }
}
