namespace Fleet.Cost.Rightsizing;

/// <summary>What a container should request, and between which bounds it may stay as it is.</summary>
public readonly record struct ResourceRecommendation(double LowerBound, double Target, double UpperBound)
{
    /// <summary>Whether a request is so far off that it is worth changing.</summary>
    public bool Asks(double request) => request < LowerBound || request > UpperBound;
}
