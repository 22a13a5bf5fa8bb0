namespace Fleet.ClusterManager.Clusters;

/// <summary>A time span in words that seldom change: a condition with another text is another write. Pure.</summary>
internal static class Ago
{
    private static readonly int[] Steps = [1, 2, 3, 4, 5, 10, 15, 20, 30, 45];

    public static string Of(TimeSpan span) =>
        span.TotalMinutes < 1 ? $"{Math.Max(0, (int)span.TotalSeconds / 10 * 10)} s"
        : span.TotalHours < 1 ? $"{Floor(span.TotalMinutes)} min"
        : span.TotalDays < 1 ? $"{Math.Floor(span.TotalHours)} h"
        : $"{Math.Floor(span.TotalDays)} d";

    private static int Floor(double minutes) => Steps.Last(step => step <= minutes);
}
