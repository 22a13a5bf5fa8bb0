using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Drift;

/// <summary>What is known about drift in one cluster between reconciles; a part of its grain, used in its turn only.</summary>
internal sealed class DriftMemory(IJitterSource jitter)
{
    private readonly Dictionary<ReleaseName, Dictionary<InventoryObject, Verdict>> verdicts = [];
    private readonly Dictionary<ReleaseName, Dictionary<string, DriftAttempts>> attempts = [];

    /// <summary>The verdict about the same declaration and the same live object; null when it has not been found yet.</summary>
    public Verdict? Find(ReleaseName release, WatchedObject seen, DriftRules rules) =>
        verdicts.GetValueOrDefault(release)?.GetValueOrDefault(seen.Object) is { } known && known.IsAbout(seen.Live, rules) ? known : null;

    /// <summary>Replaces what was known of the release.</summary>
    public void Keep(ReleaseName release, IEnumerable<(InventoryObject Object, Verdict Verdict)> found)
    {
        var kept = new Dictionary<InventoryObject, Verdict>(ReferenceEqualityComparer.Instance);
        foreach (var (o, verdict) in found)
            kept[o] = verdict;
        verdicts[release] = kept;
    }

    public DriftAttempts? AttemptsOf(ReleaseName release, InventoryObject o) => attempts.GetValueOrDefault(release)?.GetValueOrDefault(o.ToString());

    public DriftAttempts Corrected(ReleaseName release, InventoryObject o, DateTimeOffset now) => Note(release, o, now, null);

    /// <param name="error">Without secrets.</param>
    public DriftAttempts Failed(ReleaseName release, InventoryObject o, DateTimeOffset now, string error) => Note(release, o, now, error);

    /// <summary>Nobody follows the release any more.</summary>
    public void Forget(IReadOnlySet<ReleaseName> followed)
    {
        foreach (var gone in verdicts.Keys.Concat(attempts.Keys).Where(r => !followed.Contains(r)).ToList())
        {
            verdicts.Remove(gone);
            attempts.Remove(gone);
        }
    }

    private DriftAttempts Note(ReleaseName release, InventoryObject o, DateTimeOffset now, string? error)
    {
        if (!attempts.TryGetValue(release, out var of))
            attempts[release] = of = [];
        // What has been quiet for long enough is forgotten here, so that this does not grow with every edit of a year.
        foreach (var calm in of.Where(a => a.Value.IsOver(now)).Select(a => a.Key).ToList())
            of.Remove(calm);
        return of[o.ToString()] = DriftAttempts.Next(of.GetValueOrDefault(o.ToString()), now, error, jitter);
    }

    /// <param name="Drift">Null when the object is as declared.</param>
    internal sealed record Verdict(LiveObject? Live, DriftRules Rules, ObjectDrift? Drift)
    {
        public bool IsAbout(LiveObject? live, DriftRules rules) => rules.Equals(Rules) && (live is null
            ? Live is null
            : Live is not null && live.Uid == Live.Uid && live.IsBeingDeleted == Live.IsBeingDeleted && live.ScaledFields == Live.ScaledFields && live.Content.Equals(Live.Content));
    }
}
