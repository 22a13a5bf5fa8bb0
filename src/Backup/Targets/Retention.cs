namespace Fleet.Backup.Targets;

/// <summary>How many backups are kept, and for how long. A null bound is none.</summary>
public sealed record Retention(int? Count, TimeSpan? Age)
{
    /// <summary>
    /// What may go, oldest first. The newest stays in any case: a schedule that has failed for longer than the age must not end with no backup at all.
    /// What the target would not let go is left out.
    /// </summary>
    public IReadOnlyList<StoredBackup> Due(IReadOnlyList<StoredBackup> stored, DateTimeOffset now)
    {
        var newestFirst = stored.OrderByDescending(backup => backup.WrittenAt).ThenByDescending(backup => backup.Name.Text, StringComparer.Ordinal).ToList();
        return
        [
            .. newestFirst.Where((backup, index) => index > 0 && (index >= Count || now - backup.WrittenAt > Age) && !(backup.RetainedUntil > now)).Reverse(),
        ];
    }
}
