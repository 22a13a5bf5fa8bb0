using Fleet.Kubernetes.Objects;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Workloads;

/// <summary>How far each ReplicaSet may be scaled in one step of a rollout. Pure.</summary>
internal static class DeploymentScaling
{
    public static int FirstReplicas(Rollout rollout)
    {
        if (rollout.Recreate)
            return rollout.Wanted;
        var room = rollout.Wanted + (rollout.OnDelete ? 0 : rollout.MaxSurge) - rollout.Old.Sum(Rollout.Replicas);
        return Math.Clamp(room, 0, rollout.Wanted);
    }

    /// <summary>A paused Deployment still follows its own size, while only one ReplicaSet is up.</summary>
    public static IReadOnlyList<(ObjectKey Set, int Replicas)> WhilePaused(Rollout rollout)
    {
        var up = rollout.All.Where(s => Rollout.Replicas(s) > 0).ToList();
        var only = up.Count == 1 ? up[0] : up.Count == 0 ? rollout.New : null;
        return only is not null && Rollout.Replicas(only) != rollout.Wanted ? [(only.KeyOf(), rollout.Wanted)] : [];
    }

    public static IReadOnlyList<(ObjectKey Set, int Replicas)> Next(Rollout rollout)
    {
        if (rollout.Recreate)
            return NextRecreate(rollout);
        if (rollout.OnDelete)
            return NextOnDelete(rollout);
        if (rollout.New is null)
            return [];
        var scale = new List<(ObjectKey, int)>();
        var current = Rollout.Replicas(rollout.New);
        var up = ScaleUp(rollout, current);
        if (up != current)
            scale.Add((rollout.New.KeyOf(), up));
        scale.AddRange(ScaleDown(rollout, up));
        return scale;
    }

    private static List<(ObjectKey, int)> NextRecreate(Rollout rollout)
    {
        var scale = rollout.Old.Where(s => Rollout.Replicas(s) > 0).Select(s => (s.KeyOf(), 0)).ToList();
        if (scale.Count == 0 && rollout.New is { } set && Rollout.Replicas(set) != rollout.Wanted && rollout.Old.All(s => Rollout.Running(s) == 0))
            scale.Add((set.KeyOf(), rollout.Wanted));
        return scale;
    }

    /// <summary>Old sets are never scaled up again: what was deleted from them comes back in the new one. Too many altogether go from the oldest first.</summary>
    private static List<(ObjectKey, int)> NextOnDelete(Rollout rollout)
    {
        var scale = new List<(ObjectKey, int)>();
        var olds = rollout.Old.Where(s => Rollout.Replicas(s) > 0).OrderBy(s => s.CreatedAt()).ThenBy(s => s.NameOf(), StringComparer.Ordinal).ToList();
        var kept = olds.ToDictionary(s => s, s => Math.Min(Rollout.Replicas(s), Rollout.Running(s)));
        var surplus = Math.Max(0, kept.Values.Sum() - rollout.Wanted);
        foreach (var set in olds)
        {
            var less = Math.Min(surplus, kept[set]);
            surplus -= less;
            kept[set] -= less;
            if (kept[set] != Rollout.Replicas(set))
                scale.Add((set.KeyOf(), kept[set]));
        }
        var wanted = rollout.Wanted - kept.Values.Sum();
        if (rollout.New is { } current && Rollout.Replicas(current) != wanted)
            scale.Add((current.KeyOf(), wanted));
        return scale;
    }

    private static int ScaleUp(Rollout rollout, int current)
    {
        if (current >= rollout.Wanted)
            return rollout.Wanted;
        var room = rollout.Wanted + rollout.MaxSurge - rollout.All.Sum(Rollout.Replicas);
        return current + Math.Clamp(room, 0, rollout.Wanted - current);
    }

    private static IEnumerable<(ObjectKey, int)> ScaleDown(Rollout rollout, int newReplicas)
    {
        var olds = rollout.Old.Where(s => Rollout.Replicas(s) > 0).OrderBy(s => s.CreatedAt()).ToList();
        if (olds.Count == 0)
            yield break;
        var minimum = rollout.Wanted - rollout.MaxUnavailable;
        var newUnavailable = Math.Max(0, newReplicas - Rollout.Available(rollout.New!));
        var total = olds.Sum(Rollout.Replicas) + newReplicas;
        var budget = total - minimum - newUnavailable;
        if (budget <= 0)
            yield break;
        var left = olds.ToDictionary(s => s.KeyOf(), Rollout.Replicas);
        // Pods that are broken anyway go first and cost nothing.
        foreach (var set in olds.Where(_ => budget > 0))
        {
            var broken = Math.Min(budget, Rollout.Replicas(set) - Math.Min(Rollout.Replicas(set), Rollout.Available(set)));
            left[set.KeyOf()] -= broken;
            budget -= broken;
        }
        // A set that was just scaled down still counts the pods that it is losing.
        var spare = rollout.All.Sum(s => Math.Min(Rollout.Available(s), Rollout.Replicas(s))) - minimum;
        foreach (var set in olds)
        {
            var healthy = Math.Clamp(Math.Min(spare, left[set.KeyOf()]), 0, int.MaxValue);
            left[set.KeyOf()] -= healthy;
            spare -= healthy;
            if (left[set.KeyOf()] != Rollout.Replicas(set))
                yield return (set.KeyOf(), left[set.KeyOf()]);
        }
    }
}
