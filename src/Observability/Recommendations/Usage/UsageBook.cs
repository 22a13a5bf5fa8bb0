using Fleet.Cost.Rightsizing;
using Fleet.Observability.Collection;

namespace Fleet.Observability.Recommendations.Usage;

/// <summary>What the containers of one cluster used over the last days, and since when things are unused. Bounded. No I/O; not thread-safe.</summary>
internal sealed class UsageBook
{
    /// <summary>Some 1.5 KiB each. A cluster with more has workloads by the thousand; those beyond are counted.</summary>
    public const int MostContainers = 5_000;

    /// <summary>What was not seen for so long is another thing when it comes back.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(14);

    private readonly Dictionary<WorkloadContainer, ContainerUsage> containers = [];
    private readonly Dictionary<string, DateTimeOffset> unusedSince = new(StringComparer.Ordinal);

    /// <summary>Containers that found no place in the last look.</summary>
    public int LeftOut { get; private set; }

    public IReadOnlyDictionary<WorkloadContainer, ContainerUsage> Containers => containers;

    /// <summary>By kind and uid of the asset: since when nobody uses it.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> UnusedSince => unusedSince;

    public void Restore(WorkloadContainer key, ContainerUsage usage) => containers[key] = usage;

    public void RestoreUnused(string asset, DateTimeOffset since) => unusedSince[asset] = since;

    /// <summary>An hour of the ledger, in order of time, before the first look.</summary>
    public void Fill(WorkloadContainer key, DateTimeOffset hour, double cpuMean, double cpuPeak, double memoryPeak) => Usage(key)?.AddHour(hour, cpuMean, cpuPeak, memoryPeak);

    public void Look(ClusterLook look)
    {
        LeftOut = 0;
        foreach (var pod in look.Seen.Pods.Where(pod => pod.Controller.Length > 0))
            foreach (var container in pod.Containers)
            {
                var isMeasured = look.Usage.TryGetValue(new(pod.Uid, container.Name), out var used);
                if ((!isMeasured && container.KilledForMemory is null) || Usage(WorkloadContainer.Of(pod, container.Name)) is not { } usage)
                    continue;
                if (isMeasured)
                {
                    usage.AddCpu(used.Cores, look.Time);
                    usage.AddMemory(used.RamBytes, look.Time);
                }
                if (container.KilledForMemory is { } killed)
                    // The limit is not watched; it used at least what it asked for, else it would not have been killed by itself.
                    usage.AddOutOfMemory(Math.Max(container.RamRequest, isMeasured ? used.RamBytes : 0), killed);
            }
        foreach (var old in containers.Where(pair => look.Time - pair.Value.LastSample > Remembered).Select(pair => pair.Key).ToList())
            containers.Remove(old);
    }

    /// <summary>What is unused now keeps the time since which it is; what is used again, or has gone, is forgotten.</summary>
    /// <param name="since">For those that are new among the unused: since when they are, as far as can be told.</param>
    public void Unused(IReadOnlyDictionary<string, DateTimeOffset> since)
    {
        foreach (var used in unusedSince.Keys.Where(asset => !since.ContainsKey(asset)).ToList())
            unusedSince.Remove(used);
        foreach (var (asset, time) in since)
            unusedSince.TryAdd(asset, time);
    }

    private ContainerUsage? Usage(WorkloadContainer key)
    {
        if (containers.TryGetValue(key, out var usage))
            return usage;
        if (containers.Count >= MostContainers)
        {
            LeftOut++;
            return null;
        }
        return containers[key] = new();
    }
}
