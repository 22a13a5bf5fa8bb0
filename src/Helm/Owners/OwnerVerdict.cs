namespace Fleet.Helm.Owners;

/// <summary>What an owner may do by what is recorded of a release. Pure.</summary>
internal enum OwnerVerdict
{
    Take,

    /// <summary>A helm of an older owner may still run, or begin.</summary>
    Wait,

    /// <summary>A later owner has it.</summary>
    Refuse,
}

/// <summary>Reads a verdict off the records.</summary>
internal static class OwnerVerdicts
{
    /// <param name="seen">Who has the release; null when nobody does.</param>
    /// <param name="newest">Of helm's records; null when there is none.</param>
    /// <param name="epoch">Ours.</param>
    /// <param name="now">The time.</param>
    public static OwnerVerdict Of(OwnerRecord? seen, NewestRevision? newest, long epoch, DateTimeOffset now)
    {
        if (seen is null || seen.Epoch == epoch)
            return OwnerVerdict.Take;
        if (seen.Epoch > epoch)
            return OwnerVerdict.Refuse;
        return seen.Operation is { } running && running.Until > now && !HasEnded(running, newest) ? OwnerVerdict.Wait : OwnerVerdict.Take;
    }

    // The revision that was there before says nothing: helm may not have begun.
    private static bool HasEnded(RunningOperation running, NewestRevision? newest) =>
        running.After is { } before && newest is not { IsUnderWay: true } && ((newest?.Revision ?? 0) != before || newest is { Status: "uninstalled" });
}
