using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Pods;

namespace Fleet.ControlPlane.ClusterApi.Faults;

/// <summary>How the API server of a simulated cluster shall misbehave, by annotation. Pure.</summary>
internal static class ApiFaults
{
    /// <summary>Null: not at all.</summary>
    public static ApiFault? Of(JsonObject? infrastructureCluster, JsonObject cluster)
    {
        var mode = ProvisioningFaults.Find(SimulationAnnotations.Api, infrastructureCluster ?? [], cluster) switch
        {
            "unreachable" => ApiFaultMode.Unreachable,
            "hanging" => ApiFaultMode.Hanging,
            _ => ApiFaultMode.None,
        };
        var latency = PodFaults.Duration(ProvisioningFaults.Find(SimulationAnnotations.ApiLatency, infrastructureCluster ?? [], cluster)) ?? TimeSpan.Zero;
        var metrics = Metrics(a => ProvisioningFaults.Find(a, infrastructureCluster ?? [], cluster));
        return mode == ApiFaultMode.None && latency <= TimeSpan.Zero && metrics is null ? null : new(mode, latency) { Metrics = metrics };
    }

    /// <summary>What <c>metrics</c> may say.</summary>
    public static MetricsFaultMode? MetricsMode(string? word) => word switch
    {
        "off" => MetricsFaultMode.Off,
        "error" => MetricsFaultMode.Error,
        "malformed" => MetricsFaultMode.Malformed,
        _ => null,
    };

    /// <summary>A time with a sign: <c>90m</c>, <c>-2h</c>; null when it cannot be read.</summary>
    public static TimeSpan? Skew(string? text) => text switch
    {
        ['-', .. var size] => -PodFaults.Duration(size),
        ['+', .. var size] => PodFaults.Duration(size),
        _ => PodFaults.Duration(text),
    };

    private static MetricsFault? Metrics(Func<string, string?> annotation)
    {
        var fault = new MetricsFault
        {
            Mode = MetricsMode(annotation(SimulationAnnotations.Metrics)) ?? MetricsFaultMode.None,
            Latency = PodFaults.Duration(annotation(SimulationAnnotations.MetricsLatency)) ?? TimeSpan.Zero,
            ClockSkew = Skew(annotation(SimulationAnnotations.ClockSkew)) ?? TimeSpan.Zero,
            ResetEvery = PodFaults.Duration(annotation(SimulationAnnotations.CounterResets)) is { Ticks: > 0 } every ? every : null,
        };
        return fault == new MetricsFault() ? null : fault;
    }
}
