using System.Globalization;
using Fleet.Contracts.Costs;
using Fleet.Control.Durations;
using Fleet.Kubernetes.Schedules;

namespace Fleet.Observability.Focus.Exports;

/// <summary>When which months are written. Pure.</summary>
internal static class CostExportPlanner
{
    /// <summary>Months in the status, and so far back what was missed is caught up.</summary>
    public const int MostPeriods = 12;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMinutes(1);

    /// <param name="request">Value of the annotation that asks for an export now; null when there is none.</param>
    /// <exception cref="ArgumentException">The schedule or its zone is none; the message says which.</exception>
    public static CostExportPlan Plan(CostExportSpec spec, long generation, CostExportStatus? status, string? request, DateTimeOffset now)
    {
        var isDue = status?.LastSuccess is not { } last || now >= After(spec, last) || status.ObservedGeneration != generation || (request is not null && request != status.LastRequest);
        if (!isDue)
            return new([], After(spec, status!.LastSuccess!.Value));
        return new([.. Months(spec, status, now)], After(spec, now));
    }

    /// <summary>When it is due after it was written. Of several times that were missed, one is made up for.</summary>
    /// <exception cref="ArgumentException">The schedule is none.</exception>
    private static DateTimeOffset After(CostExportSpec spec, DateTimeOffset written)
    {
        if (!string.IsNullOrEmpty(spec.Schedule))
            return CronSchedule.TryParse(spec.Schedule)?.Next(written, ZoneOf(spec.TimeZone))
                ?? throw new ArgumentException($"spec.schedule: {CronSchedule.Problem(spec.Schedule) ?? "it never comes"}");
        var interval = Length(spec.Interval, TimeSpan.FromHours(6));
        return written + (interval < ShortestInterval ? ShortestInterval : interval);
    }

    private static TimeZoneInfo ZoneOf(string? name) =>
        string.IsNullOrEmpty(name) ? TimeZoneInfo.Utc : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : throw new ArgumentException($"spec.timeZone: there is no zone {name}");

    /// <summary>What the status says after a month was written.</summary>
    public static List<ExportedPeriod> With(IEnumerable<ExportedPeriod>? before, ExportedPeriod written) =>
        [.. (before ?? []).Where(period => period.Period != written.Period).Append(written).OrderByDescending(period => period.Period, StringComparer.Ordinal).Take(MostPeriods).Reverse()];

    /// <summary>The running month, and those before it that were never written after they were closed.</summary>
    private static IEnumerable<PlannedMonth> Months(CostExportSpec spec, CostExportStatus? status, DateTimeOffset now)
    {
        var closeAfter = Length(spec.CloseAfter, TimeSpan.FromHours(72));
        var running = FocusQuery.Month(now);
        // A new export begins with the month before, and one that was away for long with the first month that it did not close.
        var known = (status?.Periods ?? []).Select(period => period.Period).ToHashSet(StringComparer.Ordinal);
        var closed = (status?.Periods ?? []).Where(period => period.Closed == true).Select(period => period.Period).ToHashSet(StringComparer.Ordinal);
        var first = known.Count > 0 ? known.Min(StringComparer.Ordinal)! : Period(running.Start.AddMonths(-1));
        for (var back = MostPeriods - 1; back >= 0; back--)
        {
            var month = FocusQuery.Month(running.Start.AddMonths(-back));
            var period = Period(month.Start);
            if (string.CompareOrdinal(period, first) >= 0 && !closed.Contains(period))
                yield return new(month, period, now >= month.End + closeAfter);
        }
    }

    private static string Period(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static TimeSpan Length(string? text, TimeSpan usual) => GoDuration.TryParse(text, out var length) && length > TimeSpan.Zero ? length : usual;
}
