namespace Fleet.Observability.Days;

/// <summary>Which days are to be added up anew, and by what. Pure.</summary>
internal static class DayPlan
{
    /// <param name="ledger">What the ledger has of each day, in a word that changes with it.</param>
    /// <param name="states">From what each subject's day was made.</param>
    /// <returns>The newest day first: that is what people look at.</returns>
    public static IReadOnlyList<(DateOnly Day, IReadOnlyList<DaySubject> Subjects)> Outdated(
        IReadOnlyDictionary<DateOnly, string> ledger, IReadOnlyDictionary<(string Subject, DateOnly Day), string> states, IReadOnlyCollection<DaySubject> subjects) =>
    [
        .. ledger.OrderByDescending(day => day.Key)
            .Select(day => (day.Key, (IReadOnlyList<DaySubject>)[.. subjects.Where(subject => states.GetValueOrDefault((subject.Name, day.Key)) != StateOf(subject, day.Value))]))
            .Where(day => day.Item2.Count > 0),
    ];

    public static string StateOf(DaySubject subject, string ledger) => $"{subject.Rules} {ledger}";
}
