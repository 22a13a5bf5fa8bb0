namespace Fleet.Cost.Forecasts;

/// <summary>What a whole day cost.</summary>
public readonly record struct DailyCost(DateOnly Day, double Cost);
