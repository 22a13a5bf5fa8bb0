using Fleet.Kubernetes.Objects;
using Fleet.Observability.Clusters;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Hours;

/// <summary>
/// Turns looks at a cluster into hours. Each look accounts for the time since the one before: what ran meanwhile is known from its own times of start and end, so
/// that neither the pace of the looks nor a gap between them changes who pays for how long; only usage is that of the moment. No I/O.
/// </summary>
/// <param name="longestStep">A longer time than this between two looks is a gap, for which a usage of now says nothing.</param>
/// <param name="longestGap">Of a longer gap only its last part of this length is accounted for.</param>
internal sealed class HourBook(TimeSpan longestStep, TimeSpan longestGap)
{
    private readonly SortedDictionary<DateTimeOffset, ClusterHour> hours = [];

    /// <summary>Up to here everything is accounted for; null before the first look. What is older is not paid for: nobody knows what ran then.</summary>
    public DateTimeOffset? LastLook { get; private set; }

    /// <summary>What has been added since <see cref="Clear"/>, the oldest hour first.</summary>
    public IReadOnlyCollection<ClusterHour> Hours => hours.Values;

    /// <summary>Goes on where a process before this one stopped.</summary>
    /// <param name="at">Its last look.</param>
    public void Resume(DateTimeOffset at) => LastLook ??= at;

    /// <summary>What was added is kept elsewhere from now on.</summary>
    public void Clear() => hours.Clear();

    /// <summary>Accounts for the time since the last look. A clock that has gone back adds nothing.</summary>
    /// <param name="departed">Pods that have gone since the last look, as they were.</param>
    /// <param name="counted">What somebody counted since the last look: traffic of pods, and how full disks are.</param>
    /// <param name="ahead">How far the cluster's clock is ahead of ours: times in its objects are by it, hours are by ours.</param>
    public void Look(
        ClusterSnapshot seen, IReadOnlyCollection<DepartedPod> departed, IReadOnlyDictionary<ContainerKey, Usage> usage, DateTimeOffset now, TimeSpan ahead = default,
        CountedUsage? counted = null)
    {
        var from = LastLook ?? now;
        if (now < from)
            return;
        LastLook = now;
        var isGap = now - from > longestStep;
        from = Later(from, now - longestGap);
        var mounted = MountedBy(seen.Pods);
        foreach (var (start, end) in Pieces(from, now))
        {
            var hour = HourOf(start);
            var seconds = (end - start).TotalSeconds;
            hour.SeenSeconds += seconds;
            hour.InferredSeconds += isGap ? seconds : 0;
            AddContainers(hour, seen.Pods, usage, isGap, ahead, start, end);
            foreach (var pod in departed)
                AddContainers(hour, [pod.Row], usage, isGap, ahead, start, Earlier(pod.At, end));
            AddAssets(hour, seen, mounted, counted?.VolumesUsed, ahead, start, end);
            if (counted is not null)
                AddTraffic(hour, seen.Pods.Concat(departed.Select(pod => pod.Row)), counted.Traffic, seconds / (now - from).TotalSeconds);
        }
    }

    private static void AddContainers(
        ClusterHour hour, IEnumerable<PodRow> pods, IReadOnlyDictionary<ContainerKey, Usage> usage, bool isGap, TimeSpan ahead, DateTimeOffset from, DateTimeOffset to)
    {
        foreach (var pod in pods)
            foreach (var container in pod.Containers)
            {
                var start = Later(container.Started - ahead, from);
                var end = Earlier(container.Ended - ahead ?? to, to);
                if (start >= end)
                    continue;
                var key = new ContainerKey(pod.Uid, container.Name);
                if (!hour.Containers.TryGetValue(key, out var row))
                    hour.Containers[key] = row = new(pod, container.Name);
                row.Pod = pod;
                row.Add(container, start, end, !isGap && usage.TryGetValue(key, out var used) ? used : null);
            }
    }

    /// <summary>As what else belongs to a pod, traffic belongs to its containers in equal parts.</summary>
    private static void AddTraffic(ClusterHour hour, IEnumerable<PodRow> pods, IReadOnlyDictionary<string, Traffic> traffic, double part)
    {
        foreach (var pod in pods)
        {
            if (!traffic.TryGetValue(pod.Uid, out var bytes))
                continue;
            var containers = pod.Containers.Select(container => hour.Containers.GetValueOrDefault(new(pod.Uid, container.Name))).OfType<ContainerHour>().ToList();
            foreach (var container in containers)
                (container.BytesReceived, container.BytesSent) = (container.BytesReceived + bytes.Received * part / containers.Count, container.BytesSent + bytes.Sent * part / containers.Count);
        }
    }

    private static void AddAssets(
        ClusterHour hour, ClusterSnapshot seen, ILookup<ObjectKey, PodRow> mounted, IReadOnlyDictionary<ObjectKey, double>? used, TimeSpan ahead, DateTimeOffset from, DateTimeOffset to)
    {
        foreach (var node in seen.Nodes)
        {
            var row = Row(hour.Nodes, node.Uid, () => new NodeHour(node));
            (row.Node, row.Seconds) = (node, row.Seconds + SecondsOf(node.Created - ahead, from, to));
        }
        foreach (var volume in seen.Volumes)
        {
            var row = Row(hour.Volumes, volume.Uid, () => new VolumeHour(volume));
            var seconds = SecondsOf(volume.Created - ahead, from, to);
            (row.Volume, row.Seconds) = (volume, row.Seconds + seconds);
            if (volume.Claim is { } bound && used is not null && used.TryGetValue(bound, out var bytes))
                row.UsedByteSeconds = (row.UsedByteSeconds ?? 0) + bytes * seconds;
            row.UnmountedSeconds += Share(row.PodSeconds, volume.Claim is { } claim ? mounted[claim] : [], seconds);
        }
        foreach (var service in seen.Services.Where(service => service is { IsLoadBalancer: true, Address.Length: > 0 }))
        {
            var row = Row(hour.Balancers, service.Uid, () => new BalancerHour(service));
            var seconds = SecondsOf(service.Created - ahead, from, to);
            (row.Service, row.Seconds) = (service, row.Seconds + seconds);
            row.IdleSeconds += Share(row.PodSeconds, seen.Pods.Where(pod => IsRunning(pod) && service.Selects(pod)), seconds);
        }
    }

    /// <summary>Gives each pod its equal part; what nobody takes is returned.</summary>
    private static double Share(Dictionary<string, double> shares, IEnumerable<PodRow> pods, double seconds)
    {
        var found = pods.Select(pod => pod.Uid).ToList();
        foreach (var pod in found)
            shares[pod] = shares.GetValueOrDefault(pod) + seconds / found.Count;
        return found.Count == 0 ? seconds : 0;
    }

    private static ILookup<ObjectKey, PodRow> MountedBy(IEnumerable<PodRow> pods) => pods.Where(IsRunning)
        .SelectMany(pod => pod.Claims.Select(claim => (Claim: new ObjectKey(pod.Key.Namespace, claim), Pod: pod)))
        .ToLookup(mount => mount.Claim, mount => mount.Pod);

    private static bool IsRunning(PodRow pod) => pod.Containers.Any(container => container.Ended is null);

    private ClusterHour HourOf(DateTimeOffset time)
    {
        var start = FullHour(time);
        if (!hours.TryGetValue(start, out var hour))
            hours[start] = hour = new(start);
        return hour;
    }

    /// <summary>A span cut at each full hour.</summary>
    private static IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> Pieces(DateTimeOffset from, DateTimeOffset to)
    {
        for (var start = from; start < to;)
        {
            var end = Earlier(FullHour(start).AddHours(1), to);
            yield return (start, end);
            start = end;
        }
    }

    private static DateTimeOffset FullHour(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);

    private static double SecondsOf(DateTimeOffset created, DateTimeOffset from, DateTimeOffset to) => Math.Max(0, (to - Later(created, from)).TotalSeconds);

    private static TRow Row<TRow>(Dictionary<string, TRow> rows, string uid, Func<TRow> make)
    {
        if (!rows.TryGetValue(uid, out var row))
            rows[uid] = row = make();
        return row;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
