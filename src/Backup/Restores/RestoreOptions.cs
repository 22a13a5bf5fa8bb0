using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Restores;

/// <summary>What happens to an object that is there and is not as in the backup.</summary>
public enum ExistingObjects
{
    /// <summary>It stays as it is.</summary>
    Keep,

    /// <summary>Its spec, labels and annotations become those of the backup; its status is left to its controller.</summary>
    Replace,
}

/// <summary>Into what is restored, and what.</summary>
public sealed record RestoreOptions
{
    /// <summary>The management cluster, or with <see cref="Region"/> the cluster of that region.</summary>
    public required IKubernetesClient Client { get; init; }

    /// <summary>Reads, compares and reports; writes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Empty: everything.</summary>
    public IReadOnlyList<ObjectSelection> Only { get; init; } = [];

    public ExistingObjects Existing { get; init; } = ExistingObjects.Keep;

    /// <summary>Name of the Region whose objects are restored; null for those of the management cluster.</summary>
    public string? Region { get; init; }

    /// <summary>Connection string of a database that the dump is put into, in place of what is there; null leaves the database alone.</summary>
    public string? Postgres { get; init; }

    /// <summary>Writes at once.</summary>
    public int Parallelism { get; init; } = 16;

    /// <summary>Makes nothing, and only finishes what an earlier run of the same archive has made: what is gone since went for a reason.</summary>
    internal bool FinishOnly { get; init; }

    /// <summary>Called when everything is there, and all of it is still marked and held. When something failed it is not called, and nothing is finished.</summary>
    internal Func<CancellationToken, Task>? BeforeFinish { get; init; }

    /// <summary>
    /// A ServiceSet is let go by ClusterManager, which writes what its ClusterDeployment declares first: the archive may have the one before and the other after a change.
    /// Without it, for a move, whose source has come to rest before, ServiceSets are let go as they are.
    /// </summary>
    internal bool ServicesFollowClusters { get; init; } = true;

    /// <summary>How long a new definition may take until its kind is served.</summary>
    public TimeSpan DefinitionTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>How far a restore is.</summary>
public sealed record RestoreProgress(string Phase, long Done, long Total)
{
    /// <summary>In this phase the amount is in bytes, in all others in objects.</summary>
    public const string Verified = "verified";
}
