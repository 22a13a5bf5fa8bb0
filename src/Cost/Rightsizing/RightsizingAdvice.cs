namespace Fleet.Cost.Rightsizing;

/// <summary>What a container should ask for instead.</summary>
/// <param name="Evidence">What it rests on.</param>
/// <param name="Cpu">What becomes of CPU.</param>
/// <param name="Memory">What becomes of memory.</param>
public sealed record RightsizingAdvice(ContainerRecommendation Evidence, ResourceAdvice Cpu, ResourceAdvice Memory);

/// <summary>One resource.</summary>
/// <param name="Request">Cores or bytes: what to ask for; as it is now when it is to stay.</param>
/// <param name="Limit">Null: none.</param>
/// <param name="Verdict">Why.</param>
/// <param name="Note">What else is to be known; null: nothing.</param>
public sealed record ResourceAdvice(double Request, double? Limit, RightsizingVerdict Verdict, string? Note = null)
{
    public bool Changes => Verdict is RightsizingVerdict.Lower or RightsizingVerdict.Raise or RightsizingVerdict.State;
}

public enum RightsizingVerdict
{
    /// <summary>It is about right.</summary>
    Keep,

    /// <summary>It asks for more than it uses.</summary>
    Lower,

    /// <summary>It uses more than it asks for.</summary>
    Raise,

    /// <summary>It asks for nothing.</summary>
    State,

    /// <summary>An autoscaler decides by it.</summary>
    LeftAlone,
}
