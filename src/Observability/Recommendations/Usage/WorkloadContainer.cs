using Fleet.Observability.Objects;

namespace Fleet.Observability.Recommendations.Usage;

/// <summary>The containers of one name in the pods of one controller: what is resized together, and so is measured together.</summary>
/// <param name="Kind">Of the controller, in lower case.</param>
internal readonly record struct WorkloadContainer(string Namespace, string Kind, string Controller, string Container)
{
    public Workload Workload => new(Namespace, Kind, Controller);

    public static WorkloadContainer Of(PodRow pod, string container) => new(pod.Key.Namespace, pod.ControllerKind, pod.Controller, container);
}

/// <summary>A controller of pods.</summary>
internal readonly record struct Workload(string Namespace, string Kind, string Name)
{
    /// <summary>What Kubernetes itself runs is left to those who run it.</summary>
    public bool IsOfSystem => Namespace.StartsWith("kube-", StringComparison.Ordinal);

    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}
