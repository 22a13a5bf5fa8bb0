namespace Fleet.ControlPlane.Simulation;

/// <summary>Annotations that make the simulation misbehave on purpose.</summary>
public static class SimulationAnnotations
{
    /// <summary>
    /// On a pod (template): <c>ImagePullBackOff</c>, <c>CrashLoopBackOff</c>, <c>NeverReady</c> or <c>Error</c> (a run-to-completion pod fails).
    /// On an infrastructure object: any text; it never becomes ready and says this text.
    /// </summary>
    public const string Fail = "simulation.fleet.dev/fail";

    /// <summary>On an infrastructure object or a pod: everything takes this much longer, for instance <c>20s</c> or <c>500ms</c>.</summary>
    public const string Slow = "simulation.fleet.dev/slow";

    /// <summary>On an infrastructure cluster: no more machines than this many become ready in it.</summary>
    public const string Quota = "simulation.fleet.dev/machine-quota";

    /// <summary>On a pod (template) that runs to completion: how long it runs, for instance <c>5s</c>.</summary>
    public const string RunFor = "simulation.fleet.dev/run-for";

    /// <summary>On an infrastructure cluster, by the provider: the name of the simulated cluster behind it.</summary>
    public const string WorkloadCluster = "simulation.fleet.dev/workload-cluster";

    /// <summary>On an infrastructure machine, by the provider: the name that its Node has (or will have).</summary>
    public const string Node = "simulation.fleet.dev/node";
}
