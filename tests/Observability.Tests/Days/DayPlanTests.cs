using Fleet.Observability.Days;
using Fleet.Observability.Ledger;

namespace Fleet.Observability.Tests.Days;

public sealed class DayPlanTests
{
    private static readonly DateOnly First = new(2026, 11, 1);
    private static readonly DaySubject Cluster = new("cluster", "1", (_, _) => []);
    private static readonly DaySubject Team = new("category/team", "rules-2", (_, _) => []);

    [Fact]
    public void Only_what_the_ledger_has_more_of_is_added_up_again_the_newest_day_first()
    {
        var ledger = new Dictionary<DateOnly, string> { [First] = "a", [First.AddDays(1)] = "b", [First.AddDays(2)] = "c" };
        var states = new Dictionary<(string, DateOnly), string>
        {
            [("cluster", First)] = "1 a", [("category/team", First)] = "rules-2 a",
            [("cluster", First.AddDays(1))] = "1 b-before", [("category/team", First.AddDays(1))] = "rules-2 b",
        };
        Assert.Equal(
            ["2026-11-03 cluster,category/team", "2026-11-02 cluster"],
            DayPlan.Outdated(ledger, states, [Cluster, Team]).Select(day => $"{day.Day:yyyy-MM-dd} {string.Join(',', day.Subjects.Select(subject => subject.Name))}"));
    }

    [Fact]
    public void Other_rules_add_up_every_day_again_of_that_subject_alone()
    {
        var ledger = new Dictionary<DateOnly, string> { [First] = "a" };
        var states = new Dictionary<(string, DateOnly), string> { [("cluster", First)] = "1 a", [("category/team", First)] = "rules-1 a" };
        Assert.Equal(Team, Assert.Single(Assert.Single(DayPlan.Outdated(ledger, states, [Cluster, Team])).Subjects));
    }

    [Fact]
    public void A_day_that_left_the_ledger_keeps_its_sums() =>
        Assert.Empty(DayPlan.Outdated(new Dictionary<DateOnly, string>(), new Dictionary<(string, DateOnly), string> { [("cluster", First)] = "1 a" }, [Cluster]));

    [Theory]
    [InlineData(0, true, false)]
    [InlineData(59, true, false)]
    [InlineData(61, true, true)]
    // One that is gone is not late.
    [InlineData(61, false, false)]
    public void A_cluster_is_late_after_an_hour(int minutes, bool exists, bool isStale)
    {
        var now = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        // The line of a cluster that had the name before does not count.
        ClusterFreshness[] lines = [Line("old", now.AddDays(-9)), Line("new", now.AddMinutes(-minutes))];
        Assert.Equal(isStale ? ["team/web"] : [], StaleClusters.Of(lines, exists ? new HashSet<string> { "team/web" } : new HashSet<string>(), now));
    }

    private static ClusterFreshness Line(string uid, DateTimeOffset until) => new("team/web", uid, until, []);
}
