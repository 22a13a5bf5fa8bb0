using Fleet.Control.Health;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Health.Custom;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Health;

/// <summary>The health of the releases of one cluster: of every object that they declare, and of whatever custom rules look at. Answers from memory.</summary>
internal sealed class HealthView(IKubernetesClient client, ClusterInventory inventory, RuleWatches rules, TimeProvider clock)
{
    /// <summary>Objects that are read after one upgrade; of more than these the watch tells soon enough.</summary>
    private const int MostReads = 32;

    private const int ReadsAtOnce = 4;

    private readonly FreshObjects fresh = new(clock);

    /// <param name="owner">For whom the ServiceSet was made: custom rules may be for that name alone.</param>
    public ReleaseHealth Of(ReleaseName release, string owner)
    {
        if (inventory.Of(release) is not { } known)
            return ReleaseHealth.Of([], isPartial: true);
        var objects = new List<ObjectHealth>();
        var isPartial = !rules.IsKnown;
        foreach (var (declared, isKnown, live) in inventory.ObjectsOf(release))
        {
            var kind = declared.Kind ?? new ResourceKind(declared.Type.Group, declared.Type.Version, declared.Type.Kind, "", true);
            if (live?.Projected is ObjectHealth health)
                objects.Add(health);
            else if (declared.Kind is null)
                objects.Add(new ObjectHealth(kind, declared.Key, "", 0, WorkloadVerdict.Unknown, "the cluster does not know its kind"));
            else if (isKnown && live is null && !HealthProjection.MayBeGone(declared.Type))
                objects.Add(new ObjectHealth(kind, declared.Key, "", 0, WorkloadVerdict.Progressing, "it does not exist"));
            else if (!isKnown && HealthProjection.Matters(declared.Type))
            {
                if (inventory.ProblemOf(declared.Kind) is { } problem)
                    objects.Add(new ObjectHealth(kind, declared.Key, "", 0, WorkloadVerdict.Unknown, problem));
                else
                    isPartial = true;
            }
        }
        if (known.Objects.Count == 0 && known.Problem is { } unread)
            return new ReleaseHealth(WorkloadVerdict.Unknown, unread);
        return ReleaseHealth.Of(fresh.Over(release, objects).Concat(rules.Of(release, owner)), isPartial);
    }

    /// <summary>Every object of the release has been seen, be it well or not.</summary>
    public bool HasSeenAll(ReleaseName release) =>
        inventory.ObjectsOf(release).All(o => o.Object.Kind is null || o.Live is not null || inventory.ProblemOf(o.Object.Kind) is not null || (o.IsKnown && HealthProjection.MayBeGone(o.Object.Type)));

    /// <summary>
    /// Reads the objects that a new revision has changed, where the watch may still show them as the revision before had them. Only kinds that count
    /// generations can be told apart so; the status of others does not follow from their spec.
    /// </summary>
    public async Task ReadChangedAsync(ReleaseName release, ReleaseInventory? before, CancellationToken ct)
    {
        var old = (before?.Objects ?? []).ToLookup(o => (o.Kind, o.Key));
        var changed = inventory.ObjectsOf(release)
            .Where(o => o.Live?.Projected is ObjectHealth { Generation: > 0 } && !old[(o.Object.Kind, o.Object.Key)].Any(b => b.Declared.Equals(o.Object.Declared)))
            .Take(MostReads)
            .ToList();
        var read = new ObjectHealth?[changed.Count];
        await Parallel.ForAsync(0, changed.Count, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = ct }, async (i, stop) =>
        {
            var (kind, key) = (changed[i].Object.Kind!, changed[i].Object.Key);
            if (await client.Dynamic(kind).GetAsync(key, stop) is { } live)
                read[i] = HealthProjection.Of(kind, live);
        });
        fresh.Read(release, [.. read.OfType<ObjectHealth>()]);
    }
}
