using Fleet.Control.Health;

namespace Fleet.StateManager.Health;

/// <summary>The health of a whole release: that of its worst workload.</summary>
internal readonly record struct ReleaseHealth(WorkloadVerdict Verdict, string Message)
{
    /// <summary>Objects named in a message; a chart with a hundred broken Deployments should not fill the status.</summary>
    private const int Named = 3;

    public static ReleaseHealth Healthy { get; } = new(WorkloadVerdict.Healthy, "");

    public static ReleaseHealth Of(IEnumerable<Workload> workloads)
    {
        var sick = workloads.Where(w => w.Verdict != WorkloadVerdict.Healthy).OrderByDescending(w => w.Verdict).ThenBy(w => w.Why, StringComparer.Ordinal).ToList();
        if (sick.Count == 0)
            return Healthy;
        var more = sick.Count > Named ? $"; and {sick.Count - Named} more" : "";
        return new ReleaseHealth(sick[0].Verdict, string.Join("; ", sick.Take(Named).Select(w => w.Why)) + more);
    }
}
