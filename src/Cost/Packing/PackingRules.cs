namespace Fleet.Cost.Packing;

/// <summary>How tight it may become.</summary>
public sealed record PackingRules
{
    /// <summary>A node of which no more is requested may be proposed to go.</summary>
    public double UnderUsed { get; init; } = 0.5;

    /// <summary>Up to here the nodes that stay are filled; the rest is for what comes.</summary>
    public double Fill { get; init; } = 0.8;

    /// <summary>Nodes that take pods and stay at least: with one, the loss of a machine is the loss of everything.</summary>
    public int LeastNodes { get; init; } = 2;
}
