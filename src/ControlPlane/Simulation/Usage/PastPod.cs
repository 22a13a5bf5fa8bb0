using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>A pod that a workload would have had in the past.</summary>
/// <param name="Pod">Name, namespace, uid, labels, owner and spec, as a watch would have shown it.</param>
/// <param name="Workload">Kind and name of what it belonged to.</param>
/// <param name="Started">When it started.</param>
/// <param name="Ended">When it was replaced.</param>
/// <param name="Containers">How much its containers used; their time starts with the pod's.</param>
public sealed record PastPod(
    JsonObject Pod, (string Kind, string Name) Workload, DateTimeOffset Started, DateTimeOffset Ended, IReadOnlyList<ContainerUsage> Containers);
