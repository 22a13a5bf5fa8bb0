using Fleet.Cost.Days;

namespace Fleet.Observability.Days;

/// <summary>A sum of a day; of several days, clusters or names where they are not told apart.</summary>
internal sealed record DayRow(string Subject, DateOnly Day, string Currency, DayCost Cost);

/// <summary>A day of a subject, to be kept.</summary>
internal sealed record DaySums(DaySubject Subject, string State, IReadOnlyList<(string Currency, DayCost Cost)> Rows);

/// <summary>Which rows are read, and what they are told apart by.</summary>
internal sealed record DayQuestion(IReadOnlyCollection<string> Subjects, DateOnly From, DateOnly Until)
{
    /// <summary>Null for all.</summary>
    public IReadOnlyCollection<string>? Clusters { get; init; }

    public bool ByDay { get; init; }

    public bool ByCluster { get; init; }

    public bool ByName { get; init; }
}
