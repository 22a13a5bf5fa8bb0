namespace Fleet.ReplicaProcess.Stores;

/// <summary>What a store has of a cluster.</summary>
/// <param name="Count">Grows by one with each write.</param>
/// <param name="Epoch">Of the owner who wrote last.</param>
/// <param name="Version">Grows with each write that the store took; it is what the next write is checked against.</param>
/// <param name="Id">Another one when the object was made anew under its name.</param>
/// <param name="Wanted">What people ask for; only where they say it.</param>
internal sealed record Counted(long Count, long Epoch, string Version, string Id, string Wanted = "");

/// <summary>What is to be stored next.</summary>
internal sealed record NextCount(string Cluster, long Count, long Epoch, string Applied);

/// <summary>Where a replica counts. Every write is checked by the store against what it was planned from, so that nobody counts on from what is no longer so.</summary>
internal interface ICountStore
{
    /// <summary>As histories name it.</summary>
    string Name { get; }

    /// <summary>Null when there is nothing yet.</summary>
    Task<Counted?> ReadAsync(string cluster, CancellationToken ct);

    /// <summary>What is stored by then; null when the store refused it, since it is no longer as it was seen, or is of a later owner. Any other failure leaves open whether it was taken.</summary>
    Task<Counted?> WriteAsync(Counted? seen, NextCount next, CancellationToken ct);
}
