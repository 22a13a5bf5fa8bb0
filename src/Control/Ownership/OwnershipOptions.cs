namespace Fleet.Control.Ownership;

/// <summary>How the replicas of one service share out its grains.</summary>
public sealed record OwnershipOptions
{
    /// <summary>The service, for instance <c>cluster-manager</c>. Its replicas know each other by it.</summary>
    public required string Service { get; init; }

    /// <summary>Name of this replica among the living ones of the service, a DNS label; in Kubernetes the name of the pod. One that comes back under its name takes over at once.</summary>
    public required string Replica { get; init; }

    /// <summary>Where the Leases and the table are.</summary>
    public required string Namespace { get; init; }

    /// <summary>The pool whose clusters this replica owns, by the ConfigMap <c>fleet-pins</c>; null: those of no pool.</summary>
    public string? Pool { get; init; }

    /// <summary>
    /// <c>IP[:PORT]</c> where the others find a port of this process that is open for this and nothing else, by which they notice at once that it has died; null leaves that to the Lease.
    /// Not where it serves: that closes while its work still ends.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>A replica that has not renewed for so long is dead to the others, and has stopped by itself a while before.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(6);

    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long work may go on when its grain is to move. The rest is cancelled, and goes on with the next owner.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long requests are still answered after the process was asked to end: those who send them take a moment to learn that others serve.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>From the sending of the last renewal that succeeded to the end of our own work: what others count begins later, and clocks may run differently by a tenth.</summary>
    internal TimeSpan Validity => LeaseDuration * 0.85;

    internal string TableName => $"fleet-{Service}-owners";

    internal string LeaseName => Replica.StartsWith($"fleet-{Service}", StringComparison.Ordinal) ? Replica : $"fleet-{Service}-{Replica}";
}
