using System.Collections.Concurrent;
using Fleet.Control.Health;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.Health.Custom;

/// <summary>
/// The objects of one cluster that custom rules look at: one watch per kind of a rule, whoever has made the objects, since rules may be about pods and
/// other things that no chart declares. A kind that the cluster does not know leaves its rules unused. <see cref="FollowAsync"/> is called within the
/// turn of the cluster's grain only.
/// </summary>
internal sealed class RuleWatches(IKubernetesClient client, Action changed, TimeProvider clock, IJitterSource jitter) : IAsyncDisposable
{
    /// <summary>A kind that is not there seldom comes within seconds.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ServedAfter = TimeSpan.FromSeconds(3);

    /// <summary>One broken watch is daily life; it is taken up again within a second.</summary>
    private const int FailuresShown = 3;

    private readonly ConcurrentDictionary<GroupVersionKind, Watch> watches = new();
    private readonly ConcurrentDictionary<GroupVersionKind, string> problems = new();
    private HealthRuleSet following = HealthRuleSet.Empty;
    private readonly HashSet<string> absentGroups = [];
    private Informer<PartialObjectMetadata, string>? definitions;
    private volatile bool isStale;
    private long lookedAt;

    /// <summary>Everything that rules look at has been seen once.</summary>
    public bool IsKnown => watches.Values.All(w => w.Informer.State is { HasSynced: true } or { Failures: >= FailuresShown });

    /// <summary>Rules that changed look at every object of their kind anew.</summary>
    public async Task FollowAsync(HealthRuleSet rules, CancellationToken ct)
    {
        var mayHaveCome = isStale || (absentGroups.Count > 0 && clock.GetElapsedTime(lookedAt) >= LookAgainAfter);
        if (ReferenceEquals(rules, following) && !mayHaveCome)
            return;
        if (isStale)
            client.Discovery.Invalidate();
        isStale = false;
        foreach (var (type, watch) in watches.ToList())
        {
            if (rules.Rules.TryGetValue(type, out var wanted) && wanted.SequenceEqual(watch.Rules))
                continue;
            watches.TryRemove(type, out _);
            await watch.Informer.DisposeAsync();
        }
        problems.Clear();
        var absent = new HashSet<string>();
        foreach (var (type, wanted) in rules.Rules.Where(r => !watches.ContainsKey(r.Key)))
            if (!await BeginAsync(type, wanted, ct))
                absent.Add(type.Group);
        (following, lookedAt) = (rules, clock.GetTimestamp());
        await AwaitAsync(absent);
    }

    /// <summary>Watches for the definitions of kinds that are not there, as long as there are such.</summary>
    private async Task AwaitAsync(HashSet<string> groups)
    {
        lock (absentGroups)
        {
            absentGroups.Clear();
            absentGroups.UnionWith(groups);
        }
        if (groups.Count == 0 && definitions is { } done)
        {
            definitions = null;
            await done.DisposeAsync();
        }
        if (groups.Count == 0 || definitions is not null)
            return;
        definitions = client.Metadata(CoreKinds.Definitions).Informer(new InformerOptions<PartialObjectMetadata, string>
        {
            Project = static definition => definition.Metadata.ResourceVersion ?? "",
            Clock = clock,
            Jitter = jitter.Next,
        });
        definitions.Subscribe(change =>
        {
            // The name of a definition is plural.group.
            var group = change.Key.Name[(change.Key.Name.IndexOf('.', StringComparison.Ordinal) + 1)..];
            lock (absentGroups)
                if (!absentGroups.Contains(group))
                    return;
            _ = TellAsync();
        });
        definitions.Start();
    }

    /// <summary>Twice: a server tells that a definition is established a moment before it serves the kind.</summary>
    private async Task TellAsync()
    {
        foreach (var delay in (TimeSpan[])[TimeSpan.Zero, ServedAfter])
        {
            await Task.Delay(delay, clock);
            isStale = true;
            changed();
        }
    }

    /// <summary>What rules find wrong with the objects of a release, for a ServiceSet that was made for an owner.</summary>
    public IEnumerable<ObjectHealth> Of(ReleaseName release, string owner)
    {
        foreach (var (type, problem) in problems)
            yield return Unseen(type, release, problem);
        foreach (var (type, watch) in watches)
        {
            if (!watch.Rules.Any(r => r.Target == HealthRule.Global || r.Target == owner))
                continue;
            if (watch.Informer.State is { HasSynced: false, Failures: >= FailuresShown, LastError: { } error })
                yield return Unseen(type, release, $"{watch.Kind} cannot be watched, which health rules need: {error.Message}");
            else if (watch.Informer.State.HasSynced)
                foreach (var found in watch.Informer.Items)
                    if (found?.IsOf(release) == true && found.For(owner) is { } health)
                        yield return health;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in watches.Values)
            await watch.Informer.DisposeAsync();
        watches.Clear();
        if (definitions is not null)
            await definitions.DisposeAsync();
    }

    private static ObjectHealth Unseen(GroupVersionKind type, ReleaseName release, string problem) =>
        new(new ResourceKind(type.Group, type.Version, type.Kind, "", true), new ObjectKey(release.Namespace, release.Name), "", 0, WorkloadVerdict.Unknown, HealthProjection.Short(problem));

    /// <summary>False when the cluster has no such kind, or could not be asked.</summary>
    private async Task<bool> BeginAsync(GroupVersionKind type, IReadOnlyList<HealthRule> rules, CancellationToken ct)
    {
        ResourceKind? kind;
        try
        {
            kind = await client.FindKindAsync(type, ct);
        }
        catch (KubeApiException e)
        {
            problems[type] = $"the cluster does not tell whether it has the kind {type}: {e.Message}";
            return false;
        }
        if (kind is null)
            return false;
        var informer = client.Dynamic(kind).Informer(new InformerOptions<DynamicObject, RuledObject?>
        {
            Project = live => RuledObject.Of(kind, rules, live),
            Unchanged = EqualityComparer<RuledObject?>.Default,
            Clock = clock,
            Jitter = jitter.Next,
        });
        watches[type] = new Watch(kind, rules, informer);
        informer.Subscribe(_ =>
        {
            if (informer.State.HasSynced)
                changed();
        });
        informer.Start();
        _ = TellWhenSyncedAsync(informer);
        return true;
    }

    private async Task TellWhenSyncedAsync(Informer<DynamicObject, RuledObject?> informer)
    {
        try
        {
            await informer.WaitForSyncAsync(CancellationToken.None);
            changed();
        }
        catch (OperationCanceledException)
        {
            // It was stopped before.
        }
    }

    private sealed record Watch(ResourceKind Kind, IReadOnlyList<HealthRule> Rules, Informer<DynamicObject, RuledObject?> Informer);
}
