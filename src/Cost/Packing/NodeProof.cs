namespace Fleet.Cost.Packing;

/// <summary>Where a pod would go.</summary>
public sealed record PodMove(string Pod, string To);

/// <summary>A node that can go, after those before it in the list.</summary>
/// <param name="Utilization">Of its CPU and memory, the greater part that is requested, from 0 to 1; pods that belong to the node are not in it.</param>
/// <param name="Moves">Every pod that would have to move, those of nodes before it that were to come here too.</param>
public sealed record RemovableNode(string Node, double Utilization, IReadOnlyList<PodMove> Moves);

/// <summary>A node that is little used and has to stay.</summary>
public sealed record KeptNode(string Node, double Utilization, string Reason);

/// <summary>What the packer found.</summary>
public sealed record NodeProof(IReadOnlyList<RemovableNode> Removable, IReadOnlyList<KeptNode> Kept);
