using System.Runtime.CompilerServices;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>
/// Counters of nodes. A pod's counters follow from the pod, but what pods used that are gone by now follows from nothing, and a node's counters must not go
/// back with them: so they are moved on, exactly, from look to look. Only nodes that somebody asks for have one; after a restart of the
/// process they begin anew, as after a boot. Safe for concurrent use.
/// </summary>
internal sealed class NodeMeters
{
    /// <summary>Nodes that came and went are not told to us; beyond so many all of a cluster begin anew.</summary>
    private const int Most = 4_096;

    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(1);

    private readonly ConditionalWeakTable<IClusterApi, Dictionary<string, Meter>> clusters = [];

    /// <param name="cluster">The cluster.</param>
    /// <param name="node">Uid of the node.</param>
    /// <param name="time">Now.</param>
    /// <param name="resets">When the counters of this cluster last began anew on purpose; null: never.</param>
    /// <param name="used">What the node used between two times.</param>
    public (double CpuSeconds, double Received, double Sent) Advance(
        IClusterApi cluster, string node, DateTimeOffset time, DateTimeOffset? resets, Func<DateTimeOffset, DateTimeOffset, (double Cpu, double Received, double Sent)> used)
    {
        var meters = clusters.GetOrCreateValue(cluster);
        lock (meters)
        {
            if (!meters.TryGetValue(node, out var meter))
            {
                if (meters.Count >= Most)
                    meters.Clear();
                meter = new(time - FirstLook, 0, 0, 0);
            }
            if (resets is { } anew && anew > meter.Until)
                meter = new(anew, 0, 0, 0);
            if (time > meter.Until)
            {
                var (cpu, received, sent) = used(meter.Until, time);
                meter = new(time, meter.Cpu + cpu, meter.Received + received, meter.Sent + sent);
            }
            meters[node] = meter;
            return (meter.Cpu, meter.Received, meter.Sent);
        }
    }

    private readonly record struct Meter(DateTimeOffset Until, double Cpu, double Received, double Sent);
}
