using System.Globalization;

namespace Fleet.Reliability.Tests.Laboratory;

/// <summary>Proves the rules of ownership over a whole history, for each store in the order in which it took the writes. Pure.</summary>
internal static class HistoryChecker
{
    /// <param name="history">Of all replicas, in any order.</param>
    /// <param name="final">What the stores have of each cluster, read at the end.</param>
    /// <param name="wanted">What all must have applied by then; null when nobody asks.</param>
    /// <returns>What was violated; empty when all is well.</returns>
    public static IReadOnlyList<string> Check(IReadOnlyList<WriteRecord> history, IReadOnlyList<StoredCount> final, IReadOnlyDictionary<string, string>? wanted = null)
    {
        var ends = final.ToDictionary(f => (f.Store, f.Cluster));
        return
        [
            .. history.GroupBy(r => (r.Store, r.Cluster)).SelectMany(one => CheckOne($"{one.Key.Store}/{one.Key.Cluster}", [.. one], ends.GetValueOrDefault(one.Key))),
            .. OwnersOfEpochs(history),
            .. final.Where(f => wanted is not null && f.Applied != wanted.GetValueOrDefault(f.Cluster))
                .Select(f => $"{f.Store}/{f.Cluster}: \"{wanted!.GetValueOrDefault(f.Cluster)}\" is wanted, and \"{f.Applied}\" was applied last"),
        ];
    }

    private static IEnumerable<string> CheckOne(string name, List<WriteRecord> records, StoredCount? end)
    {
        var done = records.Where(r => r.What == "done").OrderBy(r => long.Parse(r.Version!, CultureInfo.InvariantCulture)).ToList();
        var tried = records.Where(r => r.What == "try").ToList();
        foreach (var (before, after) in done.Zip(done.Skip(1)))
        {
            if (after.Epoch < before.Epoch)
                yield return $"{name}: after epoch {before.Epoch} of {before.Replica} an older one, {after.Epoch} of {after.Replica}, wrote count {after.Count}";
            if (after.Count <= before.Count)
                yield return $"{name}: count {before.Count} of {before.Replica} was acknowledged and lost: {after.Replica} wrote {after.Count} after it";
            if (after.Id != before.Id)
                yield return $"{name}: what {before.Replica} wrote was made anew under its name before {after.Replica} wrote count {after.Count}";
            // A gap is filled by writes whose answer was lost, and by nothing else.
            for (var count = before.Count + 1; count < after.Count; count++)
                if (!tried.Any(r => r.Count == count && r.Epoch >= before.Epoch && r.Epoch <= after.Epoch))
                    yield return $"{name}: nobody wrote count {count}";
        }
        if (end is null)
        {
            yield return $"{name}: is gone";
            yield break;
        }
        if (done.Count > 0 && (end.Count < done[^1].Count || end.Epoch < done[^1].Epoch))
            yield return $"{name}: ends with count {end.Count} of epoch {end.Epoch}, but {done[^1].Count} of {done[^1].Epoch} was acknowledged";
        if (done.Count > 0 && end.Id is not null && end.Id != done[^1].Id)
            yield return $"{name}: what was written was made anew under its name in the end";
        if (end.Count > 0 && !tried.Any(r => r.Count == end.Count && r.Epoch == end.Epoch))
            yield return $"{name}: ends with count {end.Count} of epoch {end.Epoch}, which nobody wrote";
    }

    /// <summary>Over all stores: who has an epoch of a cluster is the only one who ever has it.</summary>
    private static IEnumerable<string> OwnersOfEpochs(IReadOnlyList<WriteRecord> history) =>
        from epoch in history.Where(r => r.What == "try").GroupBy(r => (r.Cluster, r.Epoch))
        let owners = epoch.Select(r => $"{r.Replica}/{r.Process}").Distinct().ToList()
        where owners.Count > 1
        select $"{epoch.Key.Cluster}: epoch {epoch.Key.Epoch} was of more than one process: {string.Join(", ", owners)}";
}
