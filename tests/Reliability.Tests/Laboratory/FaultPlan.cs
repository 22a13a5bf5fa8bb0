namespace Fleet.Reliability.Tests.Laboratory;

/// <summary>
/// Faults by seed. Pure: the same seed is the same list, without end. A target has one fault at a time, and one replica at least has none, so that somebody could always work
/// while the servers do.
/// </summary>
internal static class FaultPlan
{
    public const string Management = "api";
    public const string Postgres = "rows";
    public const string Clusters = "clusters";

    public static readonly TimeSpan LongestFreeze = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>How often each kind is drawn, in relation to the others.</summary>
    private static readonly (FaultKind Kind, int Weight)[] Weights =
    [
        (FaultKind.Kill, 5), (FaultKind.Freeze, 4), (FaultKind.Partition, 4), (FaultKind.PartitionOneWay, 4), (FaultKind.Loss, 3), (FaultKind.Delay, 3), (FaultKind.ApiServerRestart, 1),
        (FaultKind.EtcdRestart, 1), (FaultKind.PostgresRestart, 1), (FaultKind.Compaction, 2), (FaultKind.ClockJump, 3), (FaultKind.FullDisk, 2), (FaultKind.PinChange, 4),
    ];

    private static readonly double[] Jumps = [-86_400, -3_600, -5, 0, 5, 3_600, 86_400];

    /// <summary>What needs a namespace of its own around each replica.</summary>
    public static bool NeedsNamespaces(FaultKind kind) => kind is FaultKind.Partition or FaultKind.PartitionOneWay or FaultKind.Loss or FaultKind.Delay or FaultKind.FullDisk;

    /// <param name="seed">Of the run.</param>
    /// <param name="replicas">At least two.</param>
    /// <param name="hasNamespaces">Whether what <see cref="NeedsNamespaces"/> is among them.</param>
    public static IEnumerable<Fault> Of(int seed, IReadOnlyList<string> replicas, bool hasNamespaces)
    {
        var random = new Random(seed);
        var kinds = Weights.Where(w => hasNamespaces || !NeedsNamespaces(w.Kind)).SelectMany(w => Enumerable.Repeat(w.Kind, w.Weight)).ToList();
        var busy = new Dictionary<string, TimeSpan>();
        var at = TimeSpan.Zero;
        while (true)
        {
            at += TimeSpan.FromSeconds(0.5 + (2 * random.NextDouble()));
            var fault = Draw(at, kinds[random.Next(kinds.Count)], replicas, random);
            if (busy.GetValueOrDefault(fault.Target) > at)
                continue;
            if (replicas.Contains(fault.Target) && replicas.Count(r => r != fault.Target && busy.GetValueOrDefault(r) > at) >= replicas.Count - 1)
                continue;
            busy[fault.Target] = fault.End + Rest;
            yield return fault;
        }
    }

    private static Fault Draw(TimeSpan at, FaultKind kind, IReadOnlyList<string> replicas, Random random)
    {
        var replica = replicas[random.Next(replicas.Count)];
        string[] others = [Management, Postgres, Clusters, .. replicas.Where(r => r != replica)];
        var from = others[random.Next(others.Length)];
        // Most are short, some are as long as can be.
        var length = TimeSpan.FromSeconds(1) + ((LongestFreeze - TimeSpan.FromSeconds(1)) * Math.Pow(random.NextDouble(), 4));
        var shorter = length / 3;
        var amount = random.NextDouble();
        var sent = random.Next(2) == 0;
        return kind switch
        {
            FaultKind.Kill => new(at, kind, replica, shorter / 4),
            FaultKind.Freeze => new(at, kind, replica, length),
            FaultKind.Partition => new(at, kind, replica, shorter) { From = from },
            FaultKind.PartitionOneWay => new(at, kind, replica, shorter) { From = from, Sent = sent },
            FaultKind.Loss => new(at, kind, replica, shorter) { Amount = 0.02 + (0.4 * amount) },
            FaultKind.Delay => new(at, kind, replica, shorter) { Amount = 10 + (1_000 * amount * amount) },
            FaultKind.ApiServerRestart or FaultKind.EtcdRestart => new(at, kind, Management, shorter / 4),
            FaultKind.PostgresRestart => new(at, kind, Postgres, shorter / 4),
            FaultKind.Compaction => new(at, kind, Management, TimeSpan.Zero),
            FaultKind.ClockJump => new(at, kind, replica, TimeSpan.Zero) { Amount = Jumps[(int)(amount * Jumps.Length)] },
            FaultKind.FullDisk => new(at, kind, replica, shorter),
            FaultKind.PinChange => new(at, kind, Management, TimeSpan.Zero) { Amount = amount },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such fault"),
        };
    }
}
