using System.Collections.Concurrent;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.ServiceSets;

/// <summary>
/// Which versions of a ServiceSet differ only in what controllers wrote. While services roll, status makes a new version many times a second: a person who names
/// the one they saw would be refused again and again, although nobody has decided anything since. Knows what the watch has told, of the last versions only.
/// </summary>
internal sealed class ServiceSetVersions
{
    private const int Most = 64;

    private readonly ConcurrentDictionary<ObjectKey, Past> pasts = new();

    public void Note(InformerEvent<ServiceSet> change)
    {
        if (change.Type == InformerEventType.Deleted)
            pasts.TryRemove(change.Key, out _);
        else
            pasts.GetOrAdd(change.Key, static _ => new()).Add(Decision.Of(change.Item.Metadata), change.Item.Metadata.ResourceVersion);
    }

    /// <summary>True when all that people decide was at that version as it is now. False also for a version that is not known here (any more).</summary>
    public bool IsAs(string version, ObjectMeta now) =>
        version == now.ResourceVersion || (pasts.TryGetValue(now.Key, out var past) && past.Has(Decision.Of(now), version));

    /// <summary>What is declared, what is held, whether the whole set is paused.</summary>
    private sealed record Decision(string? Uid, long? Generation, string? Held, string? Paused)
    {
        public static Decision Of(ObjectMeta set) =>
            new(set.Uid, set.Generation, set.Annotations?.GetValueOrDefault(FleetAnnotations.HeldServices), set.Annotations?.GetValueOrDefault(FleetLabels.ServiceSetPaused));
    }

    /// <summary>The versions since the last decision.</summary>
    private sealed class Past
    {
        private readonly Lock gate = new();
        private readonly Queue<string> versions = new();
        private Decision? decision;

        public void Add(Decision next, string? version)
        {
            lock (gate)
            {
                if (next != decision)
                    versions.Clear();
                decision = next;
                if (version is not null)
                    versions.Enqueue(version);
                if (versions.Count > Most)
                    versions.Dequeue();
            }
        }

        public bool Has(Decision wanted, string version)
        {
            lock (gate)
                return wanted == decision && versions.Contains(version);
        }
    }
}
