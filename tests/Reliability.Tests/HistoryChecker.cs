using System.Globalization;

namespace Fleet.Reliability.Tests;

/// <summary>Proves the rules of ownership over a whole history, in the order in which the store took the writes. Pure.</summary>
internal static class HistoryChecker
{
    /// <param name="history">Of all replicas, in any order.</param>
    /// <param name="final">What each cluster counts and under which epoch, read at the end.</param>
    /// <returns>What was violated; empty when all is well.</returns>
    public static IReadOnlyList<string> Check(IReadOnlyList<WriteRecord> history, IReadOnlyDictionary<string, (long Count, long Epoch)> final)
    {
        var violations = new List<string>();
        foreach (var cluster in history.GroupBy(r => r.Cluster))
        {
            var done = cluster.Where(r => r.What == "done").OrderBy(r => long.Parse(r.Version!, CultureInfo.InvariantCulture)).ToList();
            var tried = cluster.Where(r => r.What == "try").ToList();
            foreach (var (before, after) in done.Zip(done.Skip(1)))
            {
                if (after.Epoch < before.Epoch)
                    violations.Add($"{cluster.Key}: after epoch {before.Epoch} of {before.Replica} an older one, {after.Epoch} of {after.Replica}, wrote count {after.Count}");
                if (after.Count <= before.Count)
                    violations.Add($"{cluster.Key}: count {before.Count} of {before.Replica} was acknowledged and lost: {after.Replica} wrote {after.Count} after it");
                // A gap is filled by writes whose answer was lost, and by nothing else.
                for (var count = before.Count + 1; count < after.Count; count++)
                    if (!tried.Any(r => r.Count == count))
                        violations.Add($"{cluster.Key}: nobody wrote count {count}");
            }
            foreach (var epoch in tried.GroupBy(r => r.Epoch).Where(e => e.Select(r => (r.Replica, r.Process)).Distinct().Count() > 1))
                violations.Add($"{cluster.Key}: epoch {epoch.Key} was of more than one process: {string.Join(", ", epoch.Select(r => $"{r.Replica}/{r.Process}").Distinct())}");
            if (!final.TryGetValue(cluster.Key, out var end))
                violations.Add($"{cluster.Key}: is gone");
            else if (done.Count > 0 && (end.Count < done[^1].Count || end.Epoch < done[^1].Epoch))
                violations.Add($"{cluster.Key}: ends with count {end.Count} of epoch {end.Epoch}, but {done[^1].Count} of {done[^1].Epoch} was acknowledged");
        }
        return violations;
    }
}
