namespace Fleet.Cost.Rightsizing;

/// <summary>
/// What other requests would save in a month. It becomes cash only when nodes go; until then it becomes idle. Pure.
/// </summary>
public static class SavingsProjection
{
    /// <summary>In the window that was looked at.</summary>
    /// <param name="pricePerUnitHour">Of a core or a byte.</param>
    public static double InWindow(IEnumerable<ResizedPod> pods, double pricePerUnitHour) => pods.Sum(pod => (pod.Requested - pod.Recommended) * pod.Hours * pricePerUnitHour);

    /// <summary>Scaled from the time that the cluster was known in the window to a month of 730 hours, so that pods that live shortly count by how often they come.</summary>
    public static double InMonth(double savedInWindow, double knownHours) => knownHours > 0 ? savedInWindow * CostUnits.HoursPerMonth / knownHours : 0;
}
