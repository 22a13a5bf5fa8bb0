using Fleet.Control.Health;

namespace Fleet.ClusterManager.Components;

/// <summary>How the objects of a component are.</summary>
internal sealed record ComponentHealth(WorkloadVerdict Verdict, string Message)
{
    /// <summary>Objects named in a message; a chart with a hundred broken Deployments should not fill the status.</summary>
    private const int Named = 3;

    public static ComponentHealth Healthy { get; } = new(WorkloadVerdict.Healthy, "");

    /// <summary>Somebody has deleted an object of it: helm makes it again.</summary>
    public bool HasMissing { get; init; }

    public bool IsHealthy => Verdict == WorkloadVerdict.Healthy;

    /// <summary>Pure. Objects that are null are not there.</summary>
    public static ComponentHealth Of(IEnumerable<ObjectHealth> objects)
    {
        var sick = objects.Where(item => item.Verdict != WorkloadVerdict.Healthy)
            .OrderByDescending(item => item.Verdict).ThenBy(item => item.Why, StringComparer.Ordinal).ToList();
        if (sick.Count == 0)
            return Healthy;
        var more = sick.Count > Named ? $"; and {sick.Count - Named} more" : "";
        return new(sick[0].Verdict, string.Join("; ", sick.Take(Named).Select(item => item.Why)) + more) { HasMissing = sick.Exists(item => item.IsMissing) };
    }
}

/// <summary>How one object is; <see cref="Why"/> names it and is empty when it is healthy.</summary>
internal sealed record ObjectHealth(WorkloadVerdict Verdict, string Why)
{
    public bool IsMissing { get; init; }
}
