namespace Fleet.Cost.Pricing;

/// <summary>Averages over a container's time: cores, bytes or devices.</summary>
/// <param name="Allocated">Of max(request, usage) at each moment, which is more than the maximum of both averages when usage swings around the request.</param>
/// <param name="Requested">Of the request.</param>
/// <param name="Used">Of the usage.</param>
public readonly record struct ResourceUse(double Allocated, double Requested, double Used);
