using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;

namespace Fleet.ControlPlane.ClusterApi.Faults;

/// <summary>
/// What annotations ask to go wrong while something is made or deleted. They stand on infrastructure objects, or on the Cluster, where charts put a
/// user's <c>clusterAnnotations</c>. Pure. What cannot be read has no effect, and is told by <see cref="Problems"/>.
/// </summary>
internal static class ProvisioningFaults
{
    /// <summary>Why it fails, null to succeed. A terminal failure is found again in the object's own status.</summary>
    public static Failure? Failure(JsonObject obj, string reason, JsonObject? cluster = null)
    {
        if (obj.Text("status", "failureMessage") is { Length: > 0 } kept)
            return new(obj.Text("status", "failureReason") ?? reason, kept, Terminal: true);
        return On(obj, reason) ?? (cluster is null ? null : On(cluster, reason));
    }

    public static string? DeletionFailure(JsonObject obj) => obj.Annotation(SimulationAnnotations.FailDelete);

    public static TimeSpan Slowed(JsonObject obj, JsonObject? cluster, TimeSpan length) =>
        length + (PodFaults.Duration(Find(SimulationAnnotations.Slow, obj, cluster)) ?? TimeSpan.Zero);

    public static int? MachineQuota(JsonObject infrastructureCluster, JsonObject cluster) =>
        Count(Find(SimulationAnnotations.Quota, infrastructureCluster, cluster));

    /// <summary>Whether a worker machine is one of those that never start: the first so many, or such a share of all, evenly spread.</summary>
    /// <param name="infrastructureCluster">Has the annotation, or</param>
    /// <param name="cluster">has it.</param>
    /// <param name="index">The machine's place among the cluster's worker machines, oldest first.</param>
    public static Failure? MachineFailure(JsonObject infrastructureCluster, JsonObject cluster, int index)
    {
        var text = Find(SimulationAnnotations.FailMachines, infrastructureCluster, cluster);
        var fails = Share(text) is { } share
            ? Math.Floor((index + 1) * share + 1e-9) > Math.Floor(index * share + 1e-9)
            : Count(text) is { } count && index < count;
        return fails ? new("InstanceProvisionFailed", $"the machine could not be started (one of {text} that {SimulationAnnotations.FailMachines} asks for)") : null;
    }

    /// <summary>How long a node is ready, and then not; null: it stays ready.</summary>
    public static (TimeSpan Up, TimeSpan Down)? Flapping(JsonObject machine, JsonObject? cluster)
    {
        if (Find(SimulationAnnotations.Flap, machine, cluster) is not { } text)
            return null;
        var parts = text.Split('/');
        return PodFaults.Duration(parts[0]) is { } up && PodFaults.Duration(parts[^1]) is { } down && up > TimeSpan.Zero && down > TimeSpan.Zero && parts.Length <= 2
            ? (up, down)
            : null;
    }

    /// <summary>Annotations of an object whose values mean nothing, in words with an example.</summary>
    public static IReadOnlyList<string> Problems(JsonObject obj)
    {
        var problems = new List<string>();
        void Check(string annotation, Func<string, bool> isGood, string example)
        {
            if (obj.Annotation(annotation) is { } text && !isGood(text))
                problems.Add($"annotation {annotation}: \"{text}\" has no effect; it should be like {example}");
        }
        Check(SimulationAnnotations.Slow, t => PodFaults.Duration(t) is not null, "20s, 500ms or 1h");
        Check(SimulationAnnotations.ApiLatency, t => PodFaults.Duration(t) is not null, "500ms or 2s");
        Check(SimulationAnnotations.Quota, t => Count(t) is not null, "3");
        Check(SimulationAnnotations.FailMachines, t => Share(t) is not null || Count(t) is not null, "2 or 50%");
        Check(SimulationAnnotations.Flap, t => Flapping(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [SimulationAnnotations.Flap] = t } } }, null) is not null, "30s or 30s/5s");
        Check(SimulationAnnotations.Credentials, t => t is "expired" or "denied", "expired or denied");
        Check(SimulationAnnotations.Api, t => t is "unreachable" or "hanging", "unreachable or hanging");
        Check(SimulationAnnotations.Metrics, t => ApiFaults.MetricsMode(t) is not null, "off, error or malformed");
        Check(SimulationAnnotations.MetricsLatency, t => PodFaults.Duration(t) is not null, "500ms or 2s");
        Check(SimulationAnnotations.ClockSkew, t => ApiFaults.Skew(t) is not null, "90m or -2h");
        Check(SimulationAnnotations.CounterResets, t => PodFaults.Duration(t) is { Ticks: > 0 }, "10m");
        return problems;
    }

    public static string? Find(string annotation, JsonObject obj, JsonObject? cluster) => obj.Annotation(annotation) ?? cluster?.Annotation(annotation);

    private static Failure? On(JsonObject obj, string reason) => obj.Annotation(SimulationAnnotations.Fail) is { } message
        ? new(obj.Annotation(SimulationAnnotations.FailReason) is { Length: > 0 } given ? given : reason, message, obj.Annotation(SimulationAnnotations.FailTerminal) == "true")
        : null;

    private static int? Count(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    private static double? Share(string? text) =>
        text is not null && text.EndsWith('%') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 100 ? n / 100d : null;
}
