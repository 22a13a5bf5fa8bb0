namespace Fleet.Helm.Owners;

/// <summary>Who works on releases where several processes share them out.</summary>
/// <param name="Epoch">Greater than that of every owner before.</param>
/// <param name="Holder">For people: which process it is.</param>
/// <param name="Prove">Throws when the store says that another process is the owner by now, or cannot be asked.</param>
public sealed record ReleaseOwner(long Epoch, string Holder, Func<CancellationToken, ValueTask> Prove);

/// <summary>What an owner is about to do to a release.</summary>
/// <param name="Name">For people, for instance <c>upgrade</c>.</param>
/// <param name="Timeout">Helm's own limit.</param>
public sealed record ReleaseOperation(string Name, TimeSpan Timeout)
{
    /// <summary>The namespace is made when it is not there, as helm would.</summary>
    public bool CreatesNamespace { get; init; }

    /// <summary>The release goes: a namespace that is going with it takes no new records, and does not hold that up.</summary>
    public bool Removes { get; init; }

    /// <summary>What is cut off is freed first, which is a run of helm more.</summary>
    public bool Recovers { get; init; }

    /// <summary>Helm may make more than one revision of it, so that a newer one does not say that it has ended.</summary>
    public bool HasManySteps { get; init; }
}
