using System.Globalization;

namespace Fleet.Cost.Teams;

/// <summary>How much is known of the period before that of a report. A change against a part of it would pass a longer time for a rise. Pure.</summary>
/// <param name="First">Its first day.</param>
/// <param name="KnownFrom">The first of its days that is known; null when none is.</param>
/// <param name="MissingHours">Hours after that in which a cluster's costs, or all of them, are not known; the least that it can be.</param>
public sealed record PriorPeriod(DateOnly First, DateOnly? KnownFrom, int MissingHours)
{
    private const int HoursOfDay = 24;

    /// <summary>Why nothing is compared with it, as a report says it; null when all of it is known.</summary>
    public string? Reason => KnownFrom is not { } from ? "nothing is known of it" : (IsFromStart(from), MissingHours) switch
    {
        (true, 0) => null,
        (true, _) => Missing,
        (false, 0) => $"known from {Day(from)}",
        _ => $"known from {Day(from)}, {Missing}",
    };

    /// <param name="known">Days that costs are known of; others are left out.</param>
    /// <param name="end">The day after its last one.</param>
    /// <param name="began">The hour of the first costs there are, while it is still kept.</param>
    /// <param name="gaps">Hours between the first and the last costs of a cluster in this period without any, as far as hours are still kept.</param>
    public static PriorPeriod Of(DateOnly first, DateOnly end, IEnumerable<DateOnly> known, DateTimeOffset? began, int gaps)
    {
        var days = known.Where(day => day >= first && day < end).ToHashSet();
        if (days.Count == 0)
            return new(first, null, 0);
        var from = days.Min();
        // Days without a cluster look the same as days that nobody kept: neither is a month to compare with.
        var missing = Math.Max(gaps, HoursOfDay * (end.DayNumber - from.DayNumber - days.Count));
        // The first day of all may have begun before the costs did.
        return new(first, from, began is { } hour && from == first && DateOnly.FromDateTime(hour.UtcDateTime) == from ? missing + hour.UtcDateTime.Hour : missing);
    }

    private string Missing => MissingHours == 1 ? "an hour is missing" : string.Create(CultureInfo.InvariantCulture, $"{MissingHours} hours are missing");

    private bool IsFromStart(DateOnly from) => from == First;

    private static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
