using Fleet.Backup.Archives;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Restores;

public enum RestoreOutcome
{
    /// <summary>It was not there, and is now; with a dry run: it would be.</summary>
    Created,

    /// <summary>A restore of this archive that was cut off had made it; it has been finished.</summary>
    Resumed,

    /// <summary>It is there as it was saved.</summary>
    Present,

    /// <summary>It is there, is not as it was saved, and was left alone.</summary>
    Kept,

    /// <summary>It was there and is now as it was saved.</summary>
    Replaced,

    /// <summary>It is not restored, for the reason that is given.</summary>
    Skipped,

    Failed,
}

public sealed record RestoredObject(PartKind Kind, ObjectKey Key, RestoreOutcome Outcome, string? Why = null)
{
    public override string ToString() => Why is null ? $"{Kind.Kind} {Key}: {Outcome}" : $"{Kind.Kind} {Key}: {Outcome}, {Why}";
}

/// <summary>What a restore did to each object.</summary>
public sealed record RestoreReport(string Archive, bool DryRun, IReadOnlyList<RestoredObject> Objects)
{
    /// <summary>Clusters that stay paused, since not everything of their namespace could be restored.</summary>
    public IReadOnlyList<string> StillPaused { get; init; } = [];

    public bool DatabaseRestored { get; init; }

    public bool Succeeded => !Objects.Any(item => item.Outcome == RestoreOutcome.Failed);

    public int Count(RestoreOutcome outcome) => Objects.Count(item => item.Outcome == outcome);
}
