using Fleet.Cost.Anomalies;
using Fleet.Cost.Days;
using Fleet.Observability.Anomalies;
using Fleet.Observability.Days;

namespace Fleet.Observability.Tests.Anomalies;

public sealed class AnomalySearchTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly Dictionary<string, DateOnly> Known = new() { ["c"] = Today, ["late"] = Today.AddDays(-1) };

    [Fact]
    public void A_day_that_is_dearer_than_usual_is_found_in_its_series_alone()
    {
        var rows = Days("shop", back => back == 1 ? 30 : 10).Concat(Days("calm", _ => 10)).ToList();
        var found = Assert.Single(AnomalySearch.Find(rows, Known, Today));
        Assert.Equal((new AnomalySeries("namespace", "c", "shop", "EUR"), new CostAnomaly(Today.AddDays(-1), Today.AddDays(-1), true, 10, 30, AnomalySeverity.High)), (found.Series, found.Anomaly));
    }

    [Fact]
    public void A_cluster_that_is_late_does_not_look_cheap() =>
        Assert.Empty(AnomalySearch.Find([.. Days("shop", back => back == 1 ? 2 : 10, cluster: "late")], Known, Today));

    [Fact]
    public void What_went_away_closes_what_was_open_and_is_nothing_odd_itself()
    {
        // Dear for two days, and then gone: there are no rows any more.
        var found = AnomalySearch.Find([.. Days("shop", back => back is 4 or 5 ? 30 : 10).Where(row => row.Day < Today.AddDays(-3))], Known, Today);
        Assert.False(Assert.Single(found).Anomaly.IsOpen);
    }

    [Fact]
    public void What_has_no_team_is_no_team()
    {
        Assert.Single(AnomalySearch.Find([.. Days("red", back => back == 1 ? 30 : 10, subject: "category/team")], Known, Today));
        Assert.Empty(AnomalySearch.Find([.. Days("__unallocated__", back => back == 1 ? 30 : 10, subject: "category/team")], Known, Today));
    }

    [Fact]
    public void What_is_kept_already_is_not_written_again_and_what_is_over_is_closed()
    {
        var series = new AnomalySeries("namespace", "c", "shop", "EUR");
        var open = new CostAnomaly(Today.AddDays(-2), Today.AddDays(-1), true, 20, 60, AnomalySeverity.High);
        var row = new AnomalyRow(1, series, open, []);
        var (written, over) = AnomalySearch.Compare([new(series, open)], [row]);
        Assert.Empty(written);
        Assert.Empty(over);
        (written, over) = AnomalySearch.Compare([new(series, open with { IsOpen = false })], [row]);
        Assert.Single(written);
        Assert.Equal(row, Assert.Single(over));
        // Late hours made the day a usual one.
        (written, over) = AnomalySearch.Compare([], [row]);
        Assert.Empty(written);
        Assert.Single(over);
        // The cost came back, and rose anew: another row.
        (written, over) = AnomalySearch.Compare([new(series, open with { FirstDay = Today.AddDays(-1) })], [row]);
        Assert.Single(written);
        Assert.Single(over);
    }

    [Fact]
    public void What_has_changed_most_comes_first()
    {
        DayCost[] day = [Cost("a", 10), Cost("b", 5), Cost("new", 7), Cost("cheaper", 1)];
        DayCost[] before = [Cost("a", 1), Cost("b", 5), Cost("cheaper", 9), Cost("gone", 3)];
        Assert.Equal([("a", 9.0), ("new", 7.0)], AnomalySearch.Top(day, before, isMore: true, 5).Select(part => (part.Name, part.Amount)));
        Assert.Equal([("cheaper", -8.0)], AnomalySearch.Top(day, before, isMore: false, 1).Select(part => (part.Name, part.Amount)));
    }

    private static IEnumerable<DayRow> Days(string name, Func<int, double> cost, string cluster = "c", string subject = "namespace") =>
        Enumerable.Range(1, 60).Select(back => new DayRow(subject, Today.AddDays(-back), "EUR", new(cluster, name) { Direct = cost(back) }));

    private static DayCost Cost(string name, double cost) => new("c", name) { Direct = cost };
}
