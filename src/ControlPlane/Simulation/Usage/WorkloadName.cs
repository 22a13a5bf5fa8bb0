using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>The workload that a pod belongs to, told from the pod alone: what it is called before controllers add to the name.</summary>
internal static class WorkloadName
{
    public static string Of(JsonObject pod)
    {
        if (pod.Controller() is not { } owner || owner.Text("name") is not { Length: > 0 } name)
            return pod.NameOf();
        return owner.Text("kind") switch
        {
            "ReplicaSet" when pod.Label("pod-template-hash") is { } hash && name.EndsWith("-" + hash, StringComparison.Ordinal) => name[..^(hash.Length + 1)],
            // A CronJob's Jobs end in the minute of their run.
            "Job" when name.LastIndexOf('-') is > 0 and var dash && name.Length - dash > 6 && name.AsSpan(dash + 1).IndexOfAnyExceptInRange('0', '9') < 0 => name[..dash],
            _ => name,
        };
    }
}
