namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>What a container uses at a time.</summary>
/// <param name="CpuCores">At this time.</param>
/// <param name="CpuSeconds">Since the container started, which after a leak was killed is not when the pod did.</param>
/// <param name="WorkingSetBytes">At this time.</param>
/// <param name="Started">Of the container's present run.</param>
/// <param name="Restarts">How often it was killed before that.</param>
public readonly record struct UsageSample(double CpuCores, double CpuSeconds, double WorkingSetBytes, DateTimeOffset Started, int Restarts);
