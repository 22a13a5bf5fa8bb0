namespace Fleet.Cost.Rightsizing;

/// <summary>One pod's request, what it should be, and how long the pod was there.</summary>
/// <param name="Requested">Cores or bytes.</param>
/// <param name="Recommended">Likewise.</param>
/// <param name="Hours">Lifetime in the window.</param>
public readonly record struct ResizedPod(double Requested, double Recommended, double Hours);
