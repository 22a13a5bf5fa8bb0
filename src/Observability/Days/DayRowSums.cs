using Fleet.Cost.Days;

namespace Fleet.Observability.Days;

/// <summary>Rows that are in memory, asked as those in the database are. Pure.</summary>
internal sealed class DayRowSums(IReadOnlyList<DayRow> rows) : IDaySums
{
    public Task<IReadOnlyList<DayRow>> ReadAsync(DayQuestion question, CancellationToken ct) => Task.FromResult(Read(question));

    private IReadOnlyList<DayRow> Read(DayQuestion question) =>
    [
        .. rows.Where(row => question.Subjects.Contains(row.Subject) && row.Day >= question.From && row.Day < question.Until && question.Clusters?.Contains(row.Cost.Cluster) != false)
            .GroupBy(row => (row.Subject, Day: question.ByDay ? row.Day : question.From, row.Currency, Cluster: question.ByCluster ? row.Cost.Cluster : "", Name: question.ByName ? row.Cost.Name : ""))
            .Select(group => new DayRow(
                group.Key.Subject, group.Key.Day, group.Key.Currency, DayCost.Sum(group.Select(row => row.Cost)) with { Cluster = group.Key.Cluster, Name = group.Key.Name })),
    ];
}
