namespace Fleet.Cost.Packing;

/// <summary>A machine into which pods are packed.</summary>
public sealed record PackingNode
{
    public required string Name { get; init; }

    /// <summary>What the kubelet gives to pods, by resource: cores, bytes, devices, <c>pods</c>.</summary>
    public required IReadOnlyDictionary<string, double> Allocatable { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<NodeTaint> Taints { get; init; } = [];

    /// <summary>Ready and not cordoned: only such ones take pods, and only such ones are proposed to go.</summary>
    public bool IsUsable { get; init; } = true;

    /// <summary>Of the control plane: never proposed to go.</summary>
    public bool IsControlPlane { get; init; }

    /// <summary>What it costs in a month; the dearest go first. 0 when nobody knows.</summary>
    public double MonthlyCost { get; init; }
}

/// <summary>A taint; <c>PreferNoSchedule</c> keeps nobody away.</summary>
public sealed record NodeTaint(string Key, string Value, string Effect);

/// <summary>As Kubernetes has it: an empty key tolerates every taint, an empty effect every effect.</summary>
public sealed record PodToleration(string Key, string Operator, string Value, string Effect)
{
    public bool Tolerates(NodeTaint taint) =>
        (Effect.Length == 0 || Effect == taint.Effect)
        && (Key.Length == 0 ? Operator == "Exists" : Key == taint.Key)
        && (Operator == "Exists" || Value == taint.Value);
}
