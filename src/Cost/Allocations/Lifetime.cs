namespace Fleet.Cost.Allocations;

/// <summary>How long something ran, told by the samples that were seen of it.</summary>
public static class Lifetime
{
    /// <summary>
    /// From the first to the last sample inside of the window. A single sample stands for one resolution with itself in the middle, since something that was seen was there.
    /// </summary>
    /// <returns>Null when it was not there in the window.</returns>
    public static QueryWindow? Of(DateTimeOffset firstSample, DateTimeOffset lastSample, TimeSpan resolution, QueryWindow window)
    {
        var seen = firstSample == lastSample
            ? new QueryWindow(firstSample - resolution / 2, lastSample + resolution / 2)
            : new QueryWindow(firstSample, lastSample);
        return seen.Intersect(window);
    }
}
