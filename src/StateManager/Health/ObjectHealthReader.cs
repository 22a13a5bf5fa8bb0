using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fleet.Control.Health;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Health.Custom;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Health;

/// <summary>
/// The health of each object of a release, asked of its cluster now, by the same rules as <see cref="HealthView"/>: for people, who may ask a process that
/// does not own the cluster.
/// </summary>
internal sealed class ObjectHealthReader(IKubernetesClient client, HealthRuleSet rules, string owner)
{
    private const int AtOnce = 4;

    /// <summary>Objects of one kind and namespace that are read one by one; more of them come as a list.</summary>
    private const int Few = 4;

    /// <summary>Those that are worst first; among equals as they were declared, then what only rules speak of.</summary>
    public async Task<IReadOnlyList<ObjectHealth>> ReadAsync(ReleaseName release, IReadOnlyList<JsonObject> declared, CancellationToken ct)
    {
        var places = new List<(ResourceKind Kind, ObjectKey Key, bool IsServed)>(declared.Count);
        foreach (var item in declared)
        {
            var type = GroupVersionKind.Parse(item["apiVersion"]?.ToString() ?? "", item["kind"]?.ToString() ?? "");
            var kind = await client.FindKindAsync(type, ct);
            var stated = item["metadata"]?["namespace"]?.ToString();
            var ns = kind is { Namespaced: false } ? "" : string.IsNullOrEmpty(stated) ? release.Namespace : stated;
            places.Add((kind ?? new(type.Group, type.Version, type.Kind, "", true), new(ns, item["metadata"]?["name"]?.ToString() ?? ""), kind is not null));
        }
        var found = new ConcurrentDictionary<(ResourceKind Kind, ObjectKey Key), ObjectHealth>();
        await Parallel.ForEachAsync(
            places.Where(place => place.IsServed).GroupBy(place => (place.Kind, place.Key.Namespace), place => place.Key),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (group, stop) => await ReadAsync(group.Key.Kind, group.Key.Namespace, [.. group], found, stop));
        var judged = places.Select(place => !place.IsServed ? Absent(place.Kind, place.Key, WorkloadVerdict.Unknown, "the cluster does not know its kind")
            : found.GetValueOrDefault((place.Kind, place.Key)) ?? (HealthProjection.MayBeGone(place.Kind.GroupVersionKind)
                ? Absent(place.Kind, place.Key, WorkloadVerdict.Healthy, "")
                : Absent(place.Kind, place.Key, WorkloadVerdict.Progressing, "it does not exist"))).ToList();
        judged.AddRange((await RuledAsync(release, ct)).Where(ruled => !judged.Exists(ruled.IsSameAs)));
        return [.. judged.OrderByDescending(health => health.Verdict)];
    }

    private async Task ReadAsync(
        ResourceKind kind, string ns, HashSet<ObjectKey> wanted, ConcurrentDictionary<(ResourceKind, ObjectKey), ObjectHealth> found, CancellationToken ct)
    {
        try
        {
            if (wanted.Count > Few)
                foreach (var health in (await client.Dynamic(kind).ListAsync(
                    new() { Namespace = ns, LabelSelector = HelmMetadata.Selector }, live => wanted.Contains(live.Key) ? Judge(kind, live) : null, ct)).Items.OfType<ObjectHealth>())
                    found[(kind, health.Key)] = health;
            // One that lost its label is there all the same.
            foreach (var key in wanted.Where(key => !found.ContainsKey((kind, key))))
                if (await client.Dynamic(kind).GetAsync(key, ct) is { } live)
                    found[(kind, key)] = Judge(kind, live);
        }
        catch (KubeApiException e) when (!e.IsTransient)
        {
            // Fleet may not read this kind; the others are told.
            foreach (var key in wanted)
                found.TryAdd((kind, key), Absent(kind, key, WorkloadVerdict.Unknown, HealthProjection.Short(e.Message)));
        }
    }

    /// <summary>Pods and other things that no chart declares, which rules find wrong and which are the release's.</summary>
    private async Task<IReadOnlyList<ObjectHealth>> RuledAsync(ReleaseName release, CancellationToken ct)
    {
        var found = new List<ObjectHealth>();
        foreach (var (type, wanted) in rules.Rules.Where(pair => pair.Value.Any(rule => rule.Target == HealthRule.Global || rule.Target == owner)))
            if (await client.FindKindAsync(type, ct) is { } kind)
                found.AddRange((await client.Dynamic(kind).ListAsync(
                        new() { Namespace = kind.Namespaced ? release.Namespace : "" }, live => RuledObject.Of(kind, wanted, live) is { } ruled && ruled.IsOf(release) ? ruled.For(owner) : null, ct))
                    .Items.OfType<ObjectHealth>());
        return found;
    }

    private ObjectHealth Judge(ResourceKind kind, DynamicObject live)
    {
        var health = HealthProjection.Of(kind, live) ?? new ObjectHealth(kind, live.Key, HealthProjection.Uid(live), HealthProjection.Generation(live), WorkloadVerdict.Healthy, "");
        return rules.Rules.TryGetValue(kind.GroupVersionKind, out var wanted) && RuledObject.Of(kind, wanted, live)?.For(owner) is { } ruled && ruled.Verdict > health.Verdict ? ruled : health;
    }

    private static ObjectHealth Absent(ResourceKind kind, ObjectKey key, WorkloadVerdict verdict, string why) => new(kind, key, "", 0, verdict, why);
}
