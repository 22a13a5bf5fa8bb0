using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Objects;

/// <summary>What the cost of a pod needs.</summary>
internal sealed record PodRow
{
    /// <summary>Names are used again, uids never.</summary>
    public required string Uid { get; init; }
    public required ObjectKey Key { get; init; }

    /// <summary>"" before it is scheduled.</summary>
    public string Node { get; init; } = "";

    /// <summary>In lower case as OpenCost has it; "" for a pod that nobody controls.</summary>
    public string ControllerKind { get; init; } = "";
    public string Controller { get; init; } = "";
    public Texts Labels { get; init; } = Texts.None;
    public Texts Annotations { get; init; } = Texts.None;
    public Sequence<ContainerRow> Containers { get; init; } = Sequence<ContainerRow>.Empty;

    /// <summary>Names of the claims in its namespace that it mounts.</summary>
    public Sequence<string> Claims { get; init; } = Sequence<string>.Empty;

    public static PodRow Of(Pod pod)
    {
        var (kind, name) = Controllers.Of(pod.Metadata);
        return new()
        {
            Uid = pod.Metadata.Uid ?? "",
            Key = pod.Metadata.Key,
            Node = pod.Spec.NodeName ?? "",
            ControllerKind = kind,
            Controller = name,
            Labels = Texts.Of(pod.Metadata.Labels),
            Annotations = Texts.Of(pod.Metadata.Annotations),
            Containers = Sequence<ContainerRow>.Of(ContainerRow.AllOf(pod)),
            Claims = Sequence<string>.Of((pod.Spec.Volumes ?? []).Select(volume => ClaimOf(pod, volume)).OfType<string>()),
        };
    }

    private static string? ClaimOf(Pod pod, PodVolume volume) =>
        volume.PersistentVolumeClaim?.ClaimName ?? (volume.Ephemeral is null ? null : $"{pod.Metadata.Name}-{volume.Name}");
}
