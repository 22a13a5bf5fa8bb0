using Fleet.Observability.Clusters;
using Fleet.Observability.Collection;
using Fleet.Observability.Hours;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Tests.Collection;

/// <summary>A cluster that one process looks at after another, which was killed: what both have written together.</summary>
public sealed class TakeOverTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 22, 30, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly SeriesKey Received = new("uid", "web", "", CountedAmount.BytesReceived);

    [Fact]
    public void No_second_is_missing_none_is_there_twice_and_no_counter_runs_backwards_whenever_the_kill_comes()
    {
        for (var killedAfter = 1; killedAfter < 90; killedAfter++)
            for (var writeEvery = 1; writeEvery <= 5; writeEvery++)
            {
                var ledger = new Ledger();
                Look(ledger, 0, killedAfter, writeEvery);
                Look(ledger, killedAfter + 1, 100, writeEvery);
                Assert.Equal(100 * 60, ledger.Seen, 6);
                // Only what the killed one had not written, and the moment in which nobody looked.
                Assert.InRange(ledger.Inferred, 0, (writeEvery + 1) * 60);
                Assert.InRange(ledger.Bytes, (100 - writeEvery - 1) * 600.0, 100 * 600.0);
                Assert.True(ledger.Least >= 0, "something has shrunk");
            }
    }

    /// <summary>One process: from a look to a look, each a minute after the one before; the last one writes.</summary>
    private static void Look(Ledger ledger, int from, int to, int writeEvery)
    {
        var (book, counters) = (new HourBook(2 * Interval + TimeSpan.FromSeconds(30), TimeSpan.FromDays(7)), new CounterBook());
        if (ledger.Until is { } known)
            book.Resume(known);
        for (var minute = from; minute <= to; minute++)
        {
            var now = Start + minute * Interval;
            var (increases, _) = counters.Take([(Received, new CounterReading(minute * 600, now, Start.AddDays(-1)))]);
            var traffic = increases.ToDictionary(one => one.Key.Object, one => new Traffic(one.Increase, 0));
            book.Look(Cluster, [], new Dictionary<ContainerKey, Usage> { [new("web", "app")] = new(0.5, 1e9) }, now, default, new(traffic, new Dictionary<Fleet.Kubernetes.Objects.ObjectKey, double>()));
            if (minute % writeEvery == 0 || to == 100 && minute == to)
            {
                ledger.Add(book);
                book.Clear();
            }
        }
    }

    private static ClusterSnapshot Cluster { get; } = new()
    {
        Nodes = [new() { Uid = "n", Name = "n", Cores = 4, RamBytes = 8e9, Created = Start.AddDays(-2) }],
        Pods =
        [
            new()
            {
                Uid = "web", Key = new("team", "web"), Node = "n", ControllerKind = "deployment", Controller = "web",
                Containers = Sequence<ContainerRow>.Of([new("app", 1, 1e9, 0, Start.AddDays(-1), null, 0)]),
            },
        ],
    };

    /// <summary>As PostgreSQL keeps it: what was written is there, and up to when.</summary>
    private sealed class Ledger
    {
        public DateTimeOffset? Until { get; private set; }

        public double Seen { get; private set; }

        public double Inferred { get; private set; }

        public double Bytes { get; private set; }

        public double Least { get; private set; }

        public void Add(HourBook book)
        {
            Until = book.LastLook;
            foreach (var hour in book.Hours)
            {
                (Seen, Inferred) = (Seen + hour.SeenSeconds, Inferred + hour.InferredSeconds);
                foreach (var container in hour.Containers.Values)
                    (Bytes, Least) = (Bytes + container.BytesReceived, Math.Min(Least, Math.Min(container.BytesReceived, hour.SeenSeconds)));
            }
        }
    }
}
