namespace Fleet.Cost.Focus;

/// <summary>What a charge is a part of.</summary>
/// <param name="Id">The provider's where it is known, else cluster/type/name.</param>
internal sealed record FocusResource(string Id, string Type, string Name)
{
    public string? Region { get; init; }

    public string? Zone { get; init; }

    public bool IsSpot { get; init; }

    /// <summary>From 0 to 1.</summary>
    public double Discount { get; init; }
}
