namespace Fleet.Cost.Rightsizing;

/// <summary>A histogram as it is kept.</summary>
/// <param name="Reference">When a sample of weight 1 has the weight 1.</param>
/// <param name="First">The bucket of the first weight.</param>
public sealed record HistogramState(DateTimeOffset Reference, int First, IReadOnlyList<double> Weights);
