namespace Fleet.Reliability.Tests.Laboratory;

internal enum FaultKind { Kill, Freeze, Partition, PartitionOneWay, Loss, Delay, ApiServerRestart, EtcdRestart, PostgresRestart, Compaction, ClockJump, FullDisk, PinChange }

/// <summary>One thing that goes wrong.</summary>
/// <param name="At">Since the start of the run.</param>
/// <param name="Kind">What.</param>
/// <param name="Target">A replica, or what <see cref="FaultPlan"/> calls the servers.</param>
/// <param name="Length">How long; zero for what happens at once.</param>
internal sealed record Fault(TimeSpan At, FaultKind Kind, string Target, TimeSpan Length)
{
    /// <summary>From what a partition cuts the replica off: a server's name, or another replica's.</summary>
    public string From { get; init; } = "";

    /// <summary>A one-way partition drops what the replica sends; else what it is sent.</summary>
    public bool Sent { get; init; }

    /// <summary>The part of packets that is lost; milliseconds by which each is late; seconds by which the clock is off; which clusters are pinned from now on.</summary>
    public double Amount { get; init; }

    public TimeSpan End => At + Length;
}
