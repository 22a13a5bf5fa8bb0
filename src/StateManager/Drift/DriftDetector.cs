using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Connections;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Drift;

/// <summary>
/// Finds what is not as a release declares it. The watches give candidates from memory; each is then made sure of at the API server, once per state of the
/// object: a watch may lag behind Helm's own work.
/// </summary>
internal static class DriftDetector
{
    /// <summary>Objects asked for at once; the client of the cluster has a rate of its own.</summary>
    private const int AtOnce = 4;

    /// <param name="release">The release.</param>
    /// <param name="revision">That is deployed.</param>
    /// <param name="withFoundations">What is known of the release's foundations is what was laid for this revision.</param>
    /// <param name="rules">What may be changed by others.</param>
    /// <param name="cluster">The managed cluster.</param>
    /// <param name="memory">Of the cluster.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <returns>Null while it is not known what the revision declares. Not complete when some object could not be asked for.</returns>
    public static async Task<(IReadOnlyList<ObjectDrift> Drifts, bool IsComplete)?> FindAsync(
        ReleaseName release, int revision, bool withFoundations, DriftRules rules, ConnectedCluster cluster, DriftMemory memory, CancellationToken ct)
    {
        var inventory = cluster.View.Inventory;
        if (inventory.Of(release) is not { } declared || declared.Revision != revision)
            return null;
        var found = new ConcurrentBag<(InventoryObject, DriftMemory.Verdict)>();
        var candidates = new List<WatchedObject>();
        var known = inventory.ObjectsOf(release).Concat(withFoundations ? inventory.FoundationsOf(release) : []).Where(o => o.IsKnown).ToList();
        foreach (var seen in known)
        {
            if (memory.Find(release, seen, rules) is { } verdict)
                found.Add((seen.Object, verdict));
            else if (IsAsDeclared(seen, rules))
                found.Add((seen.Object, new(seen.Live, rules, null)));
            else
                candidates.Add(seen);
        }

        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(candidates, limits, async (seen, stop) =>
        {
            try
            {
                var state = await DriftedState.FindAsync(seen.Object, declared.IsServerSideApplied, rules, cluster.Client, stop);
                found.Add((seen.Object, new(seen.Live, rules, state?.Drift)));
            }
            catch (KubeApiException)
            {
                // Not known, so not drift; a cluster that does not answer is told elsewhere.
            }
        });
        memory.Keep(release, found);
        return ([.. found.Select(f => f.Item2.Drift).OfType<ObjectDrift>().OrderBy(d => d.Object.ToString(), StringComparer.Ordinal)],
            found.Count == known.Count);
    }

    private static bool IsAsDeclared(WatchedObject seen, DriftRules rules)
    {
        var declared = ObjectComparer.Canonical(seen.Object.Type, seen.Object.Declared.Read());
        if (seen.Live is not { } live)
            return MayVanish(seen.Object.Type, declared) || rules.Ignores(seen.Object, declared, null);
        if (live.IsBeingDeleted)
            return true;
        var content = live.Content.Read();
        return rules.Ignores(seen.Object, declared, content) || Compare(seen.Object, declared, content, live.ScaledFields, rules).Drifts.Count == 0;
    }

    /// <summary>Kubernetes itself deletes a Job with a time to live when it has finished.</summary>
    internal static bool MayVanish(GroupVersionKind type, JsonObject declared) =>
        type is { Group: "batch", Kind: "Job" } && (declared["spec"] as JsonObject)?["ttlSecondsAfterFinished"] is not null;

    internal static ObjectComparison Compare(InventoryObject o, JsonObject declared, JsonObject live, string scaled, DriftRules rules) =>
        ObjectComparer.Compare(o.Type, declared, live,
        [
            .. rules.ExclusionsFor(o, declared),
            .. scaled.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(pointer => pointer[1..].Split('/')),
        ]);
}
