namespace Fleet.Cost.Packing;

/// <summary>A pod as the packer sees it.</summary>
public sealed record PackingPod
{
    /// <summary>NAMESPACE/NAME.</summary>
    public required string Name { get; init; }

    /// <summary>"" while it waits for one.</summary>
    public required string Node { get; init; }

    /// <summary>By resource, as <see cref="PackingNode.Allocatable"/>.</summary>
    public required IReadOnlyDictionary<string, double> Requests { get; init; }

    /// <summary>Belongs to its node (of a DaemonSet, or static): it goes with the node and needs no other place.</summary>
    public bool IsOfNode { get; init; }

    /// <summary>Why it can not be proven that it may run elsewhere; null: that depends on the nodes only.</summary>
    public string? StaysBecause { get; init; }

    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>Required node affinity: one of the terms must be met, each with all of its expressions. Empty: any node.</summary>
    public IReadOnlyList<IReadOnlyList<NodeRequirement>> Affinity { get; init; } = [];

    /// <summary>Of each of its disks, as <see cref="Affinity"/>: all of them must be met.</summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<NodeRequirement>>> VolumeAffinities { get; init; } = [];

    public IReadOnlyList<PodToleration> Tolerations { get; init; } = [];

    /// <summary>Whether it may run there, room aside.</summary>
    public bool Fits(PackingNode node) =>
        NodeSelector.All(label => node.Labels.TryGetValue(label.Key, out var value) && value == label.Value)
        && IsMet(Affinity, node) && VolumeAffinities.All(affinity => IsMet(affinity, node))
        && node.Taints.All(taint => taint.Effect == "PreferNoSchedule" || Tolerations.Any(toleration => toleration.Tolerates(taint)));

    private static bool IsMet(IReadOnlyList<IReadOnlyList<NodeRequirement>> affinity, PackingNode node) =>
        affinity.Count == 0 || affinity.Any(term => term.Count > 0 && term.All(requirement => requirement.IsMetBy(node.Labels)));
}
