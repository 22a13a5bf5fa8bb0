namespace Fleet.ControlPlane.Simulation;

/// <summary>Annotations that make the simulation misbehave on purpose, and one by which it is told from what is real.</summary>
public static class SimulationAnnotations
{
    /// <summary>On every node of a simulated cluster, <c>"true"</c>: nobody pays for it.</summary>
    public const string Simulated = "simulation.fleet.dev/simulated";

    /// <summary>
    /// On a pod (template): <c>ImagePullBackOff</c>, <c>CrashLoopBackOff</c>, <c>NeverReady</c> or <c>Error</c> (a run-to-completion pod fails).
    /// On an infrastructure object (on a Cluster: for its infrastructure cluster): any text; it never becomes ready and says this text.
    /// </summary>
    public const string Fail = "simulation.fleet.dev/fail";

    /// <summary>Beside <see cref="Fail"/>: the reason in conditions and events, one word in CamelCase.</summary>
    public const string FailReason = "simulation.fleet.dev/fail-reason";

    /// <summary>Beside <see cref="Fail"/>, <c>"true"</c>: the object stays failed, also when the annotation is taken away.</summary>
    public const string FailTerminal = "simulation.fleet.dev/fail-terminal";

    /// <summary>On an infrastructure cluster or a Cluster: so many worker machines (<c>2</c>, the first ones) or such a share (<c>50%</c>) never start.</summary>
    public const string FailMachines = "simulation.fleet.dev/fail-machines";

    /// <summary>On an infrastructure object: its deletion never ends and says this text.</summary>
    public const string FailDelete = "simulation.fleet.dev/fail-delete";

    /// <summary>On an infrastructure object, a pod or (for all machines and the network) a Cluster: everything takes this much longer, for instance <c>20s</c>, <c>500ms</c> or <c>1h</c>.</summary>
    public const string Slow = "simulation.fleet.dev/slow";

    /// <summary>On an infrastructure cluster or a Cluster: no more machines than this many become ready in it.</summary>
    public const string Quota = "simulation.fleet.dev/machine-quota";

    /// <summary>On an infrastructure machine, or (for all workers) a Cluster: the node is ready this long, then not ready as long, and so on; <c>30s/5s</c> gives both times.</summary>
    public const string Flap = "simulation.fleet.dev/flap";

    /// <summary>On an identity, its Secret, an infrastructure cluster or a Cluster: <c>expired</c> or <c>denied</c>; nothing can be made or deleted.</summary>
    public const string Credentials = "simulation.fleet.dev/credentials";

    /// <summary>On an infrastructure cluster or a Cluster: <c>unreachable</c> (connections break) or <c>hanging</c> (no answer comes).</summary>
    public const string Api = "simulation.fleet.dev/api";

    /// <summary>On an infrastructure cluster or a Cluster: every answer of the cluster's API comes this much later.</summary>
    public const string ApiLatency = "simulation.fleet.dev/api-latency";

    /// <summary>On a pod (template) that runs to completion: how long it runs, for instance <c>5s</c>.</summary>
    public const string RunFor = "simulation.fleet.dev/run-for";

    /// <summary>On an infrastructure cluster or a Cluster: <c>off</c> (no metrics-server), <c>error</c> (metrics.k8s.io and kubelets answer 500) or <c>malformed</c>.</summary>
    public const string Metrics = "simulation.fleet.dev/metrics";

    /// <summary>On an infrastructure cluster or a Cluster: metrics.k8s.io and kubelets answer this much later.</summary>
    public const string MetricsLatency = "simulation.fleet.dev/metrics-latency";

    /// <summary>On an infrastructure cluster or a Cluster: its clock is fast by this time, or slow by it with a minus.</summary>
    public const string ClockSkew = "simulation.fleet.dev/clock-skew";

    /// <summary>On an infrastructure cluster or a Cluster: all counters of its kubelets begin anew after each such time.</summary>
    public const string CounterResets = "simulation.fleet.dev/counter-resets";

    /// <summary>On a pod (template) or a Namespace: how much of its request it uses over time, in a word of <see cref="Fleet.ControlPlane.Simulation.Usage.UsagePatterns"/>; <c>leak/6h</c> reaches its limit after six hours.</summary>
    public const string Usage = "simulation.fleet.dev/usage";

    /// <summary>On an infrastructure cluster, by the provider: the name of the simulated cluster behind it.</summary>
    public const string WorkloadCluster = "simulation.fleet.dev/workload-cluster";

    /// <summary>On an infrastructure machine, by the provider: the name that its Node has (or will have).</summary>
    public const string Node = "simulation.fleet.dev/node";

    /// <summary>On a Machine of a control plane: its Node takes any pod.</summary>
    public const string NoTaints = "simulation.fleet.dev/no-taints";
}
