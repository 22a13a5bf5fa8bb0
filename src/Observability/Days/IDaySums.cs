namespace Fleet.Observability.Days;

/// <summary>Where sums of days come from: kept ones, or those that a filter makes.</summary>
internal interface IDaySums
{
    /// <summary>Sums of the days from <see cref="DayQuestion.From"/> to before <see cref="DayQuestion.Until"/>.</summary>
    Task<IReadOnlyList<DayRow>> ReadAsync(DayQuestion question, CancellationToken ct);
}
