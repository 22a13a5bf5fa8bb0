using Fleet.Cost.Allocations;

namespace Fleet.Cost.Assets;

/// <summary>Divides what several pods use at the same time, for volumes and load balancers. Pure.</summary>
public static class SharedTime
{
    /// <summary>
    /// A volume that pods share: every moment belongs in equal parts to the pods that mount it then, and to nobody when there are none.
    /// </summary>
    /// <param name="volume">When the volume was there.</param>
    /// <param name="mounts">When each pod had it mounted; a pod may come several times.</param>
    /// <returns>Parts from 0 to 1, which add up to 1; what is nobody's is under <see cref="AllocationKeys.Unmounted"/>.</returns>
    public static IReadOnlyDictionary<string, double> OfVolume(QueryWindow volume, IEnumerable<(string Pod, QueryWindow Mounted)> mounts)
    {
        if (volume.Duration <= TimeSpan.Zero)
            throw new ArgumentException("a volume that was never there can not be shared", nameof(volume));
        var changes = mounts
            .Select(mount => (mount.Pod, Mounted: mount.Mounted.Intersect(volume)))
            .Where(mount => mount.Mounted is not null)
            .SelectMany(mount => new[] { (Time: mount.Mounted!.Value.Start, Step: 1, mount.Pod), (Time: mount.Mounted.Value.End, Step: -1, mount.Pod) })
            .OrderBy(change => change.Time);

        var parts = new Dictionary<string, double>();
        var mounted = new Dictionary<string, int>();
        var since = volume.Start;
        foreach (var change in changes)
        {
            Until(change.Time);
            if ((mounted[change.Pod] = mounted.GetValueOrDefault(change.Pod) + change.Step) == 0)
                mounted.Remove(change.Pod);
        }
        Until(volume.End);
        return parts;

        void Until(DateTimeOffset time)
        {
            var part = (time - since) / volume.Duration;
            since = time;
            if (part <= 0)
                return;
            if (mounted.Count == 0)
                parts[AllocationKeys.Unmounted] = parts.GetValueOrDefault(AllocationKeys.Unmounted) + part;
            foreach (var pod in mounted.Keys)
                parts[pod] = parts.GetValueOrDefault(pod) + part / mounted.Count;
        }
    }

    /// <summary>
    /// A load balancer: its cost belongs to the pods behind it in proportion to the hours that each was there together with it; all of it to nobody when there were none.
    /// </summary>
    /// <returns>Part and hours of each; parts add up to 1.</returns>
    public static IReadOnlyDictionary<string, (double Part, double Hours)> OfLoadBalancer(QueryWindow loadBalancer, IEnumerable<(string Pod, QueryWindow Running)> pods)
    {
        var hours = new Dictionary<string, double>();
        foreach (var (pod, running) in pods)
            if (running.Intersect(loadBalancer) is { } together)
                hours[pod] = hours.GetValueOrDefault(pod) + together.Duration.TotalHours;
        var total = hours.Values.Sum();
        return total > 0
            ? hours.ToDictionary(pair => pair.Key, pair => (pair.Value / total, pair.Value))
            : new Dictionary<string, (double, double)> { [AllocationKeys.Unmounted] = (1, 0) };
    }
}
