namespace Fleet.ControlPlane.Simulation.Nodes;

/// <summary>A node as its provider knows it.</summary>
internal sealed record NodeSpec(string Name, string ProviderId, string Version)
{
    public MachineType Type { get; init; } = MachineType.Of(null);

    public bool ControlPlane { get; init; }

    public string Region { get; init; } = "local";

    public string Zone { get; init; } = "local-a";

    /// <summary>The node's address in its cluster's network.</summary>
    public string Address { get; init; } = "10.0.0.10";

    public string Architecture { get; init; } = "amd64";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public bool Tainted { get; init; } = true;
}
